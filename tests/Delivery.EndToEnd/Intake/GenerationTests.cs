using System.Text.Json.Nodes;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using FsCheck;
using FsCheck.Fluent;

namespace Delivery.EndToEnd.Intake;

/// <summary>What was delivered from which generation is known, and what is voluntary is never delivered, whatever is imported and approved.</summary>
public abstract class GenerationTests(ServedResults served)
{
    private const int MixedImports = 25;

    private static readonly string[] Kinds = ["OBLIGATORY", "OBLIGATORY_SAMPLE_2020", "OBLIGATORY_LOW20_2020", "VOLUNTARY", "PERHAPS", ""];

    private static readonly int[] Unpublished = [2022, 2024, 2025];

    private readonly RunningServer _server = served.Server;
    private int _imports;

    [Fact]
    public async Task A_changed_row_is_delivered_from_a_new_generation_which_trailer_and_history_name()
    {
        await _server.Channel("stil-intake").ImportAsync("generations-1", served.File.Bytes);
        var approval = SampleApproval.Of(_server, "GENERATIONS");
        await _server.PushAsync(approval);
        var first = await DeliverAsync("GENERATIONS");
        var partition = first.Reports.Keys.First();

        var lines = served.File.Lines.Select(line => line.ToString()).ToArray();
        var changed = Array.FindIndex(lines, line => new ResultsLine(line) is var row && $"{row.TestCode}-{row.StartYear}" == partition);
        lines[changed] = new ResultsLine(lines[changed]).With("institution_number", "999999").ToString();
        await _server.Channel("stil-intake").ImportAsync("generations-2", ResultsFile.Of(lines.Select(line => new ResultsLine(line))).Bytes);
        var second = await DeliverAsync("GENERATIONS");

        Assert.Equal(first.Reports[partition].Generation + 1, second.Reports[partition].Generation);
        Assert.Equal(("generations-1", "generations-2"), (first.Reports[partition].Delivery, second.Reports[partition].Delivery));
        var history = (await ToolRun.DoneAsync(_server, "partition", "history", partition, "--as", "auditor")).AsArray();
        Assert.Contains(second.ExtractId, history[0]!["extract_ids"]!.AsArray().Select(id => id!.ToString()));
        Assert.Contains(first.ExtractId, history[1]!["extract_ids"]!.AsArray().Select(id => id!.ToString()));
        Assert.DoesNotContain(first.ExtractId, history[0]!["extract_ids"]!.AsArray().Select(id => id!.ToString()));
    }

    [Fact]
    public void Whatever_mixture_is_imported_and_approved_no_voluntary_row_leaves() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(MixedImports),
        Prop.ForAll(
            (from kinds in Gen.Elements(Kinds).ArrayOf(400)
             from start in Gen.Choose(0, served.File.Lines.Count - 400)
             select (kinds, start)).ToArbitrary(),
            mixed => OnlyObligatoryLeavesAsync(mixed.kinds, mixed.start).GetAwaiter().GetResult()));

    private async Task<bool> OnlyObligatoryLeavesAsync(string[] kinds, int start)
    {
        var name = $"MIXED-{Interlocked.Increment(ref _imports)}";
        var rows = kinds.Select((kind, index) => served.File.Lines[start + index].With("obligation", kind)).ToList();
        var file = ResultsFile.Of(rows);
        var report = await _server.Channel("stil-intake").ImportAsync(name, file.Bytes);
        Assert.Equal(rows.Count, report.AcceptedRowCount + report.RejectedRowCount);
        var replaced = report.Partitions.Select(partition => partition.Partition).ToHashSet();
        var tests = CataloguedTest.All.Where(test => replaced.Contains(test.ToString()) && !Unpublished.Contains(test.StartYear)).ToList();
        if (tests.Count == 0)
        {
            return true;
        }

        // Everything that may be asked for of these tests.
        var approval = SampleApproval.Of(_server, name);
        new RandomApproval(tests, [.. ExpectedExtract.AllVariables.Where(variable => tests.Exists(test => ExpectedExtract.Has(variable, test.TestCode, test.StartYear)))], null).ApplyTo(approval);
        await _server.PushAsync(approval);
        foreach (var extract in await served.Recipient.ListAsync(name))
        {
            var (_, approved) = ExpectedExtract.Of(approval, ExpectedExtract.Code(extract.Programme), file);
            using var stream = await served.Recipient.PullAsync(extract);
            var arrived = await ArrowRows.ReadAsync(stream.Header.Schema.Memory, stream.Batches);
            Assert.Equal(approved.Order(StringComparer.Ordinal), arrived.Rows.Order(StringComparer.Ordinal));
        }

        return true;
    }

    private async Task<(string ExtractId, Dictionary<string, (long Generation, string Delivery)> Reports)> DeliverAsync(string project)
    {
        var extract = Assert.Single(await served.Recipient.ListAsync(project));
        using var stream = await served.Recipient.PullAsync(extract);
        await served.Recipient.AcknowledgeAsync(_server, stream);
        var reports = stream.Trailer!.QualityReports.Select(report => JsonNode.Parse(report.ToStringUtf8())!).ToList();
        return (extract.ExtractId, reports.ToDictionary(report => (string)report["partition"]!, report => ((long)report["generation"]!, (string)report["source_delivery_id"]!)));
    }
}

public sealed class GenerationTestsOnSqlite(ServedOnSqlite served) : GenerationTests(served), IClassFixture<ServedOnSqlite>;

[NeedsPostgres]
public sealed class GenerationTestsOnPostgres(ServedOnPostgres served) : GenerationTests(served), IClassFixture<ServedOnPostgres>;
