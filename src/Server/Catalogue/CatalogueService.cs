using Delivery.Protocol.Domain;
using Delivery.Protocol.V1;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Grpc.Core;
using Programme = Delivery.Protocol.Domain.Programme;
using Publication = Delivery.Protocol.Domain.Publication;
using Subject = Delivery.Protocol.V1.Subject;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Server.Catalogue;

/// <summary>The gRPC edge of the catalogue.</summary>
internal sealed class CatalogueService(PublicationDesk desk) : Wire.CatalogueService.CatalogueServiceBase
{
    public override Task<ListTestsResponse> ListTests(ListTestsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListTestsResponse
        {
            Tests =
            {
                TestCatalogue.Grid.SelectMany(row => row.Grades.Select(grade => new Test
                {
                    TestCode = new TestCode(row.Programme, row.Subject, grade).ToString(),
                    Programme = (Wire.Programme)row.Programme,
                    Subject = (Subject)row.Subject,
                    Grade = grade,
                    FirstSchoolYear = row.First.StartYear,
                    LastSchoolYear = row.Last.StartYear,
                    LabelDa = row.Subject.Label().Danish,
                    LabelEn = row.Subject.Label().English,
                })),
            },
        });

    public override Task<ListVariablesResponse> ListVariables(ListVariablesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListVariablesResponse
        {
            Variables =
            {
                VariableCatalogue.All.Select(variable => new Wire.Variable
                {
                    Code = variable.Code,
                    LabelDa = variable.Label.Danish,
                    LabelEn = variable.Label.English,
                    Unit = variable.Unit,
                }),
            },
        });

    public override Task<ListPublicationsResponse> ListPublications(ListPublicationsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListPublicationsResponse { Publications = { desk.List().Select(Message) } });

    public override async Task<PublishNationalResultsResponse> PublishNationalResults(PublishNationalResultsRequest request, ServerCallContext context)
    {
        var (publication, logIndex) = await desk.PublishAsync(Read(request), context.Identify(), context.CancellationToken);
        return new PublishNationalResultsResponse { Publication = Message(publication), LogIndex = logIndex };
    }

    private static Publication Read(PublishNationalResultsRequest request) =>
        IsoDay.TryRead(request.PublishedOn, out var publishedOn)
            ? new Publication((Programme)request.Programme, new SchoolYear(request.SchoolYear), publishedOn, request.Source)
            : throw RefusedException.By("E_FIELD_FORMAT", "published_on");

    private static Wire.Publication Message(Publication publication) => new()
    {
        Programme = (Wire.Programme)publication.Programme,
        SchoolYear = publication.SchoolYear.StartYear,
        PublishedOn = publication.PublishedOn is { } day ? IsoDay.Text(day) : "",
        Source = publication.Source,
    };
}
