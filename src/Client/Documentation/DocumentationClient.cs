using System.Text.RegularExpressions;
using Delivery.Client.Connection;
using Delivery.Client.Extracts;
using Delivery.Client.Refusals;
using Delivery.Client.Sinks;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Documentation;

/// <summary>Documentation that goes with results.</summary>
public sealed partial class DocumentationClient
{
    private const string CsvMediaType = "application/csvm+json";

    // What a CSV output is called where nobody named it.
    private const string CsvName = "results.csv";

    private readonly ServerConnection _connection;
    private readonly Wire.DocumentationService.DocumentationServiceClient _service;

    internal DocumentationClient(ServerConnection connection) =>
        (_connection, _service) = (connection, new Wire.DocumentationService.DocumentationServiceClient(connection.Invoker));

    /// <summary>
    /// The documentation of exactly what one project has: Markdown in Danish and English, DDI Codebook 2.5, and for each programme the CSVW
    /// metadata of a CSV output. Roles: stil-approvals, dst-ingestion and auditor; administrator for their own.
    /// </summary>
    /// <exception cref="DeliveryRefusedException">R01: none that this caller may know of.</exception>
    public async Task<ProjectDocumentation> GetAsync(string projectId, CancellationToken cancellation = default)
    {
        var request = new Wire.GetDocumentationRequest { ProjectId = projectId };
        var response = await _connection.CallAsync(options => _service.GetDocumentationAsync(request, options), cancellation);
        return new ProjectDocumentation(
            [.. response.Files.Select(Read), .. response.Extracts.Select(extract => Describe(extract, isOneOfSeveral: response.Extracts.Count > 1))],
            [.. response.Extracts.Select(extract => new DocumentedExtract(WireText.Programme(extract.Programme), extract.ExtractId, extract.IsDelivered))]);
    }

    /// <summary>
    /// Counts and shares of obligatory results over the whole country, of years whose national results are public. Small counts are withheld.
    /// Any role.
    /// </summary>
    /// <param name="query">What to count.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="DeliveryRefusedException">No such test, or a year that is named is not published.</exception>
    public async Task<IReadOnlyList<NationalFigure>> GetNationalFiguresAsync(FigureQuery query, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var request = new Wire.GetNationalFiguresRequest
        {
            Programmes = { query.Programmes.Select(WireText.Programme) },
            Subjects = { query.Subjects.Select(subject => (Wire.Subject)subject) },
            Grades = { query.Grades },
            SchoolYears = { query.SchoolYears.Select(year => year.StartYear) },
        };
        var response = await _connection.CallAsync(options => _service.GetNationalFiguresAsync(request, options), cancellation);
        return [.. response.Figures.Select(NationalFigure.Read)];
    }

    // A name becomes a path, so only one that cannot lead elsewhere is taken.
    private static DocumentationFile Read(Wire.DocumentationFile file) => NameForm().IsMatch(file.Name)
        ? new DocumentationFile(file.Name, file.MediaType, file.Content.Memory)
        : throw new DeliveryClientException(ClientReasons.ProtocolBroken, "name");

    private static DocumentationFile Describe(Wire.DocumentedExtract extract, bool isOneOfSeveral)
    {
        var schema = ExtractSchemaBytes.Read(extract.Schema.ToByteArray());
        var csv = isOneOfSeveral ? OutputForms.NameFor(CsvName, WireText.Programme(extract.Programme)) : CsvName;
        return new DocumentationFile(CsvMetadata.NameFor(csv), CsvMediaType, CsvMetadata.Write(csv, OutputSchema.Of(schema.Arrow), schema.Dictionaries));
    }

    [GeneratedRegex("^[a-z0-9-]+(\\.[a-z0-9-]+)+\\z")]
    private static partial Regex NameForm();
}
