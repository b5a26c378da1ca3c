using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.V1;
using FsCheck;
using FsCheck.Fluent;

namespace Delivery.EndToEnd;

/// <summary>What leaves is what was approved: exactly those columns, tests, years and pupils.</summary>
public abstract class ExactExtractTests(ServedResults served)
{
    private const int Approvals = 80;

    private static readonly int[] UnpublishedYears = [2022, 2024, 2025];

    private int _projects;

    [Fact]
    public async Task Whatever_is_approved_exactly_that_arrives()
    {
        await PublishAllAsync();
        Assert.Equal(170, CataloguedTest.All.Count);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Approvals),
            Prop.ForAll(RandomApproval.Any(served.File).ToArbitrary(), wanted => ArrivesAsync(wanted).GetAwaiter().GetResult()));
    }

    [Fact]
    public async Task The_widest_approval_brings_no_voluntary_row_and_none_that_2020_did_not_oblige()
    {
        await PublishAllAsync();
        var everything = new RandomApproval(CataloguedTest.All, ExpectedExtract.AllVariables, null);
        Assert.True(await ArrivesAsync(everything));

        // The file would have shown it: both kinds are there, and so are values that are stored but never delivered.
        var withheld = served.File.Lines.Where(line => !line.IsObligatory).ToList();
        Assert.Contains(withheld, line => line["obligation"] == "VOLUNTARY");
        Assert.Contains(withheld, line => line["obligation"] == "OBLIGATORY" && line.StartYear == 2019);
        Assert.Contains(served.File.Lines, line => line["subject"] == "BIO" && line["recalculated_ability_logit"].Length > 0);
    }

    private async Task<bool> ArrivesAsync(RandomApproval wanted)
    {
        var project = $"EXACT-{Interlocked.Increment(ref _projects)}-{wanted.Variables.Count}";
        var approval = SampleApproval.Of(served.Server, project);
        wanted.ApplyTo(approval);
        await served.Server.PushAsync(approval);
        var extracts = await served.Recipient.ListAsync(project);
        Assert.Equal(Programmes(approval), extracts.Select(extract => extract.Programme));
        foreach (var extract in extracts)
        {
            var (columns, rows) = ExpectedExtract.Of(approval, ExpectedExtract.Code(extract.Programme), served.File);
            using var stream = await served.Recipient.PullAsync(extract);
            var arrived = await ArrowRows.ReadAsync(stream.Header.Schema.Memory, stream.Batches);
            Assert.Equal(columns, arrived.Columns);
            Assert.Equal(rows.Order(StringComparer.Ordinal), arrived.Rows.Order(StringComparer.Ordinal));
            Assert.Equal(rows.Count, stream.Rows);
        }

        return true;
    }

    private static IEnumerable<Programme> Programmes(ProjectApproval approval)
    {
        // A programme of which no variable is asked for has nothing to deliver.
        var years = approval.Population.Filter?.SchoolYears ?? [];
        return approval.Scope.Selections
            .Where(selection => years.Count == 0 || selection.SchoolYears.Any(years.Contains))
            .Select(selection => selection.Programme).Distinct().Order()
            .Where(programme => ExpectedExtract.Columns(approval, ExpectedExtract.Code(programme)).Count > 0);
    }

    private async Task PublishAllAsync()
    {
        var catalogue = new CatalogueService.CatalogueServiceClient(served.Server.Channel("stil-approvals"));
        foreach (var year in UnpublishedYears)
        {
            await catalogue.PublishNationalResultsAsync(new PublishNationalResultsRequest
            {
                Programme = Programme.Fno, SchoolYear = year, PublishedOn = SampleApproval.Day(served.Server.Clock.Today), Source = "uddannelsesstatistik.dk",
            });
        }
    }
}

public sealed class ExactExtractTestsOnSqlite(ServedOnSqlite served) : ExactExtractTests(served), IClassFixture<ServedOnSqlite>;

[NeedsPostgres]
public sealed class ExactExtractTestsOnPostgres(ServedOnPostgres served) : ExactExtractTests(served), IClassFixture<ServedOnPostgres>;
