using System.Text;
using Delivery.Protocol.Documentation;
using Delivery.Protocol.Domain;
using Delivery.Protocol.V1;
using Delivery.Server.Approvals;
using Delivery.Server.Catalogue;
using Delivery.Server.Identity;
using Delivery.Server.Storage;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Domain = Delivery.Protocol.Domain;
using Programme = Delivery.Protocol.V1.Programme;

namespace Delivery.Server.Documentation;

/// <summary>The gRPC edge of documentation.</summary>
internal sealed class DocumentationService(Store store, NationalFigures figures, IOptions<IdentityOptions> identity, TimeProvider clock)
    : Protocol.V1.DocumentationService.DocumentationServiceBase
{
    public override Task<GetDocumentationResponse> GetDocumentation(GetDocumentationRequest request, ServerCallContext context)
    {
        var caller = context.Identify();
        var (book, schemas) = store.Read(db => new CodebookSource(
            db, ApprovedProject.Require(db, request.ProjectId, caller, identity.Value.StilCvr), DanishTime.DateOf(clock.GetUtcNow())).Read());
        return Task.FromResult(new GetDocumentationResponse
        {
            Files =
            {
                File("documentation.da.md", "text/markdown", Encoding.UTF8.GetBytes(CodebookMarkdown.Write(book, isDanish: true))),
                File("documentation.en.md", "text/markdown", Encoding.UTF8.GetBytes(CodebookMarkdown.Write(book, isDanish: false))),
                File("codebook.ddi.xml", "application/xml", CodebookDdi.Write(book)),
            },
            Extracts =
            {
                book.Data.Zip(schemas, (data, schema) => new DocumentedExtract
                {
                    Programme = (Programme)data.Programme, ExtractId = data.ExtractId, IsDelivered = data.IsDelivered, Schema = UnsafeByteOperations.UnsafeWrap(schema),
                }),
            },
        });
    }

    public override Task<GetNationalFiguresResponse> GetNationalFigures(GetNationalFiguresRequest request, ServerCallContext context)
    {
        KnownFields.Require(request, GetNationalFiguresRequest.Parser, "figures");
        var query = new FigureQuery(
            [.. request.Programmes.Select(programme => (Domain.Programme)KnownFields.Given(programme, "programmes"))],
            [.. request.Subjects.Select(subject => (Domain.Subject)KnownFields.Given(subject, "subjects"))],
            request.Grades,
            request.SchoolYears);
        return Task.FromResult(new GetNationalFiguresResponse { Figures = { figures.Of(query, context.CancellationToken).Select(Message) } });
    }

    private static Protocol.V1.NationalFigure Message(NationalFigure figure)
    {
        var (published, scale) = (figure.Published, figure.Scale);
        var message = new Protocol.V1.NationalFigure
        {
            Partition = figure.Partition.ToString(),
            Generation = figure.Generation,
            Variable = VariableCatalogue.Get(scale.Variable).Code,
            Cells =
            {
                published.Cells.Select(cell => new NationalCell
                {
                    FirstValue = scale.Categories[cell.First].First,
                    LastValue = scale.Categories[cell.Last].Last,
                    LabelDa = scale.Label(cell.First, cell.Last).Danish,
                    LabelEn = scale.Label(cell.First, cell.Last).English,
                    PupilCount = cell.Count,
                    Share = (double)cell.Count / published.Results!.Value,
                }),
            },
        };
        if (published.Tested is { } tested)
        {
            message.TestedCount = tested;
        }

        if (published.Results is { } results)
        {
            message.ResultCount = results;
        }

        if (published.Missing is { } missing)
        {
            message.MissingCount = missing;
        }

        return message;
    }

    private static DocumentationFile File(string name, string mediaType, byte[] content) =>
        new() { Name = name, MediaType = mediaType, Content = UnsafeByteOperations.UnsafeWrap(content) };
}
