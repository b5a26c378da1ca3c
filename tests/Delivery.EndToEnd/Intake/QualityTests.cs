using System.Globalization;
using System.Text;
using Delivery.Client.Synthetic;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;

namespace Delivery.EndToEnd.Intake;

/// <summary>A register with every kind of fault: each is counted under its code and no other, everywhere the counts are told, and nothing of it is in the clear.</summary>
public abstract class QualityTests(StoreKind store) : IAsyncLifetime
{
    private const int Rows = 40_000;

    private readonly SyntheticFaults _faults = new(0.2, seed: 7);
    private RunningServer _server = null!;
    private ImportResultsResponse _report = null!;
    private string[] _lines = [];

    public async Task InitializeAsync()
    {
        _server = await RunningServer.StartNewAsync(store, ("Delivery:Storage:SegmentRowsMax", "256"));
        using var file = new MemoryStream();
        await SyntheticCsvWriter.WriteAsync(new SyntheticResults(Rows, 3, 0.1), file, _faults);
        _lines = Encoding.UTF8.GetString(file.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        _report = await _server.Channel("stil-intake").ImportAsync("faulty", file.ToArray());
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public void Every_kind_of_fault_is_counted_under_its_code_and_the_totals_add_up()
    {
        var expected = _faults.Expected.Total;
        Assert.Equal(RowCodes.All.Select(code => code.Reason.Code).Order(StringComparer.Ordinal), expected.Findings.Keys);
        Assert.Equal(expected.Findings, _report.Findings.ToDictionary(finding => finding.Code, finding => finding.RowCount));
        Assert.Equal((expected.AcceptedRows, expected.RejectedRows), (_report.AcceptedRowCount, _report.RejectedRowCount));
        Assert.Equal(Rows, _report.AcceptedRowCount + _report.RejectedRowCount);
    }

    [Fact]
    public async Task Every_partitions_report_says_the_same_and_its_leaf_holds_the_reports_digest()
    {
        var told = (await ToolRun.DoneAsync(_server, "quality", "--all")).AsArray();
        Assert.Equal(_faults.Expected.Partitions.Keys, told.Select(report => (string)report!["partition"]!).Order(StringComparer.Ordinal));
        var leaves = _server.Leaves(0).Where(leaf => leaf.Type == LeafType.ResultsImported).ToDictionary(leaf => leaf.Text("partition_code"));
        foreach (var report in told)
        {
            var (partition, counts) = ((string)report!["partition"]!, _faults.Expected.Partitions[(string)report["partition"]!]);
            Assert.Equal((counts.AcceptedRows, counts.RejectedRows), ((long)report["rows"]!, (long)report["rejected_rows"]!));
            Assert.Equal(counts.Findings, report["findings"]!.AsArray().ToDictionary(finding => (string)finding!["code"]!, finding => (long)finding!["rows"]!));
            Assert.Equal((string)report["digest"]!, leaves[partition].Text("quality_report_digest"));
        }
    }

    [Fact]
    public async Task Rows_set_aside_are_listed_by_number_and_code_and_never_by_value()
    {
        var all = (await ToolRun.DoneAsync(_server, "quality", "--delivery", "faulty", "--rows")).AsArray();
        Assert.Equal(_report.RejectedRowCount, all.Count);
        foreach (var code in RowCodes.All.Where(code => (code.Finding & RowCodes.Errors) != 0).Select(code => code.Reason.Code))
        {
            var rows = (await ToolRun.DoneAsync(_server, "quality", "--delivery", "faulty", "--rows", "--code", code)).AsArray();
            Assert.Equal(_faults.Expected.Total.Findings[code], rows.Count);
            Assert.All(rows, row => Assert.Equal(code, Assert.Single(row!["codes"]!.AsArray())!.ToString()));
        }

        var unknown = Assert.IsType<System.Text.Json.Nodes.JsonObject>(all.First(row => (string)row!["partition"]! == ""));
        Assert.Equal("9", _lines[(int)unknown["row_number"]!].Split(',')[5]);
        Assert.Equal(["row_number", "partition", "codes"], unknown.Select(member => member.Key));
    }

    [Fact]
    public async Task Pages_of_rows_set_aside_follow_each_other_without_gap_or_overlap()
    {
        var intake = new IntakeService.IntakeServiceClient(_server.Channel("auditor"));
        var request = new ListRejectedRowsRequest { SourceDeliveryId = "faulty", PageSize = 999 };
        var numbers = new List<long>();
        ListRejectedRowsResponse page;
        do
        {
            page = await intake.ListRejectedRowsAsync(request);
            numbers.AddRange(page.Rows.Select(row => row.RowNumber));
            request.AfterRowNumber = numbers[^1];
        }
        while (page.HasMore);
        Assert.Equal(_report.RejectedRowCount, numbers.Count);
        Assert.Equal(numbers.Distinct().Order(), numbers);
    }

    [Fact]
    public async Task Nothing_that_was_set_aside_is_in_the_clear_on_disk()
    {
        var rejected = (await ToolRun.DoneAsync(_server, "quality", "--delivery", "faulty", "--rows")).AsArray()
            .Select(row => _lines[int.Parse(row!["row_number"]!.ToString(), CultureInfo.InvariantCulture)].Split(','));
        var secrets = new ClearText([.. rejected.Where(fields => fields[0].Length == 10).Select(fields => fields[0]).Distinct()]);
        await _server.StopAsync();
        Assert.All(_server.Written(), part => Assert.Null(secrets.FindIn(part.Bytes)));
    }

    [Fact]
    public async Task A_corrected_file_replaces_the_partition_and_the_reports_name_its_generation()
    {
        var partition = _faults.Expected.Partitions.Keys.First();
        var clean = await ResultsFile.MakeAsync(2_000, seed: 9);
        await _server.Channel("stil-intake").ImportAsync("corrected", clean.Bytes);
        var report = Assert.Single((await ToolRun.DoneAsync(_server, "quality", partition)).AsArray())!;
        Assert.Equal((2L, "corrected", 0L), ((long)report["generation"]!, (string)report["source_delivery_id"]!, (long)report["rejected_rows"]!));
        Assert.Equal(1, (long)Assert.Single((await ToolRun.DoneAsync(_server, "quality", partition, "--generation", "1")).AsArray())!["generation"]!);
        var history = (await ToolRun.DoneAsync(_server, "partition", "history", partition)).AsArray();
        Assert.Equal(["2 CURRENT corrected", "1 REMOVED faulty"], history.Select(one => $"{one!["generation"]} {one["state"]} {one["source_delivery_id"]}"));
        Assert.Equal(_faults.Expected.Partitions[partition].RejectedRows, (long)history[1]!["rejected_rows"]!);
    }
}

public sealed class QualityTestsOnSqlite() : QualityTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class QualityTestsOnPostgres() : QualityTests(StoreKind.Postgres);
