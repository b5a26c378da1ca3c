using System.Globalization;
using System.Xml.Linq;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using Subject = Delivery.Protocol.V1.Subject;

namespace Delivery.EndToEnd.Documentation;

/// <summary>National figures: the whole country, published years, obligatory tests, no small counts.</summary>
public abstract class FigureTests(ServedResults served)
{
    private const int PupilsMin = 5;

    private readonly RunningServer _server = served.Server;
    private readonly DocumentationService.DocumentationServiceClient _service = new(served.Server.Channel("administrator"));

    [Fact]
    public async Task Figures_count_the_obligatory_results_of_the_whole_country()
    {
        var figures = await FiguresAsync(new GetNationalFiguresRequest { Programmes = { Programme.Nt } });
        Assert.Equal(130, figures.Count);

        // Another test imports one of them again.
        foreach (var figure in figures.Where(figure => figure.Generation == 1))
        {
            var results = Counted(figure.Partition).Select(line => line[figure.Variable]).ToList();
            var values = results.Where(value => value.Length > 0).Select(value => int.Parse(value, CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(values.Count < PupilsMin ? null : values.Count, Shown(figure.HasResultCount, figure.ResultCount));
            Assert.Equal(values.Count >= PupilsMin && results.Count - values.Count < PupilsMin, !figure.HasTestedCount);
            Assert.True(!figure.HasTestedCount || figure.TestedCount == results.Count);
            Assert.True(!figure.HasMissingCount || (figure.MissingCount == results.Count - values.Count && figure.HasResultCount));

            Assert.All(figure.Cells, cell => Assert.Equal(
                (values.Count(value => value >= cell.FirstValue && value <= cell.LastValue), (double)cell.PupilCount / values.Count), (cell.PupilCount, cell.Share)));
            Assert.All(figure.Cells, cell => Assert.InRange(cell.PupilCount, PupilsMin, values.Count));
        }

        Assert.Contains(figures, figure => figure.Cells.Count == 6);
        Assert.Contains(figures, figure => figure.Cells.Count is > 0 and < 5);
    }

    [Fact]
    [Proves("E_FIGURES_UNPUBLISHED")]
    public async Task A_year_whose_national_results_are_not_public_has_no_figures_until_they_are()
    {
        var asked = new GetNationalFiguresRequest { Programmes = { Programme.Fno }, SchoolYears = { 2024 } };
        await RefusedCall.ExpectAsync("E_FIGURES_UNPUBLISHED", StatusCode.FailedPrecondition, () => FiguresAsync(asked));
        await RefusedCall.ExpectAsync(
            "E_FIGURES_UNPUBLISHED", StatusCode.FailedPrecondition, () => FiguresAsync(new GetNationalFiguresRequest { SchoolYears = { 2014, 2025 } }));
        Assert.All(await FiguresAsync(new GetNationalFiguresRequest { Programmes = { Programme.Fno } }), figure => Assert.DoesNotContain("-2024", figure.Partition, StringComparison.Ordinal));

        await new CatalogueService.CatalogueServiceClient(_server.Channel("stil-approvals")).PublishNationalResultsAsync(new PublishNationalResultsRequest
        {
            Programme = Programme.Fno, SchoolYear = 2024, PublishedOn = SampleApproval.Day(_server.Clock.Today), Source = "uddannelsesstatistik.dk",
        });
        Assert.Equal(10, (await FiguresAsync(asked)).Count);
    }

    [Fact]
    [Proves("E_FIGURES_SCOPE", "E_FIELD_UNKNOWN")]
    public async Task There_is_no_way_to_ask_for_less_than_the_whole_country()
    {
        Assert.Equal(["programmes", "subjects", "grades", "school_years"], GetNationalFiguresRequest.Descriptor.Fields.InDeclarationOrder().Select(field => field.Name));
        var finer = new GetNationalFiguresRequest();

        // Field 5, the text 851 of a municipality.
        finer.MergeFrom(new byte[] { 0x2a, 0x03, 0x38, 0x35, 0x31 });
        await RefusedCall.ExpectAsync("E_FIELD_UNKNOWN", StatusCode.InvalidArgument, () => FiguresAsync(finer));
        await RefusedCall.ExpectAsync("E_FIELD_UNKNOWN", StatusCode.InvalidArgument, () => FiguresAsync(new GetNationalFiguresRequest { Subjects = { (Subject)9 } }));
        await RefusedCall.ExpectAsync("E_FIGURES_SCOPE", StatusCode.InvalidArgument, () => FiguresAsync(new GetNationalFiguresRequest { Grades = { 1 } }));
    }

    [Fact]
    public async Task After_a_new_import_that_import_is_counted()
    {
        var asked = new GetNationalFiguresRequest { Programmes = { Programme.Nt }, Subjects = { Subject.PhysicsChemistry }, SchoolYears = { 2016 } };
        Assert.Equal(1, Assert.Single(await FiguresAsync(asked)).Generation);
        var lines = Lines("NT-FYK-8-2016").ToList();
        var doubled = lines.Concat(lines.Where(line => line.IsObligatory && line["points_0_50"].Length > 0).Take(1).Select(line => line.With("cpr_number", "7503084001"))).ToList();
        await _server.Channel("stil-intake").ImportAsync(
            "figures-again", System.Text.Encoding.UTF8.GetBytes(string.Join("\r\n", doubled.Select(line => line.ToString()).Prepend(Client.Synthetic.SyntheticCsvWriter.Header)) + "\r\n"));

        var after = Assert.Single(await FiguresAsync(asked));
        Assert.Equal((2, lines.Count(line => line.IsObligatory && line["points_0_50"].Length > 0) + 1), (after.Generation, after.ResultCount));
    }

    [Fact]
    public async Task The_command_tells_and_draws_each_test()
    {
        using var folder = new TypedPull(_server);
        var answer = await ToolRun.DoneAsync(_server, "figures", "--programme", "nt", "--subject", "DAN", "--svg", folder.At("charts"));
        Assert.Equal(52, answer["figures"]!.AsArray().Count);
        Assert.Equal(["nt-dan-2.svg", "nt-dan-4.svg", "nt-dan-6.svg", "nt-dan-8.svg"], answer["charts"]!.AsArray().Select(file => Path.GetFileName((string)file!)));

        XNamespace svg = "http://www.w3.org/2000/svg";
        var chart = XDocument.Load(folder.At("charts/nt-dan-2.svg")).Root!;
        Assert.Equal((svg + "svg", "img"), (chart.Name, (string?)chart.Attribute("role")));
        Assert.Equal("De nationale test: Dansk, læsning, 2. klasse / The National Tests: Danish, reading, grade 2", chart.Element(svg + "title")!.Value);
        Assert.Contains("2009/10", chart.Element(svg + "desc")!.Value, StringComparison.Ordinal);
        var cells = answer["figures"]!.AsArray().Where(figure => (string)figure!["test_code"]! == "NT-DAN-2").Sum(figure => figure!["cells"]!.AsArray().Count);
        Assert.Equal(cells, chart.Elements(svg + "rect").Count(rectangle => (string?)rectangle.Attribute("class") == "cell"));

        var table = await ToolRun.AgainstAsync(_server, "figures", "--grade", "7", "--as", "auditor");
        Assert.Contains("NT-ENG-7", table.Data, StringComparison.Ordinal);
        Assert.Equal(1, (await ToolRun.AgainstAsync(_server, "figures", "--year", "2025/26")).Code);
    }

    private async Task<IReadOnlyList<NationalFigure>> FiguresAsync(GetNationalFiguresRequest request) => (await _service.GetNationalFiguresAsync(request)).Figures;

    private IEnumerable<ResultsLine> Lines(string partition) => served.File.Lines.Where(line => $"{line.TestCode}-{line.StartYear}" == partition);

    // Of 2019/20 national results rest on the sample alone.
    private IEnumerable<ResultsLine> Counted(string partition) =>
        Lines(partition).Where(line => line.StartYear == 2019 ? line["obligation"] == "OBLIGATORY_SAMPLE_2020" : line["obligation"] == "OBLIGATORY");

    private static long? Shown(bool isShown, long count) => isShown ? count : null;
}

public sealed class FigureTestsOnSqlite(ServedOnSqlite served) : FigureTests(served), IClassFixture<ServedOnSqlite>;

[NeedsPostgres]
public sealed class FigureTestsOnPostgres(ServedOnPostgres served) : FigureTests(served), IClassFixture<ServedOnPostgres>;
