using System.Text;
using Delivery.Client.Synthetic;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Arrow;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Delivery.Tests.Intake;
using Grpc.Core;

namespace Delivery.EndToEnd.Intake;

/// <summary>Results sent as Arrow come to what the same results come to as CSV; an Arrow file that is not what it should be changes nothing.</summary>
public abstract class ArrowImportTests(ServedResults served)
{
    private readonly RunningServer _server = served.Server;

    private IEnumerable<string> Csv => served.File.Lines.Select(line => line.ToString()).Prepend(SyntheticCsvWriter.Header);

    [Fact]
    public async Task The_same_results_give_the_same_rows_and_deliver_the_same_bytes_in_either_form()
    {
        var csv = await _server.Channel("stil-intake").ImportAsync("arrow-csv", served.File.Bytes);
        var delivered = await DeliverAsync("ARROW-CSV");
        Assert.True(delivered.Sum(batch => batch.Length) > 10_000);
        foreach (var (name, file) in new[]
        {
            ("TYPED", await ArrowResults.FileAsync(Csv, ArrowResults.Typed)),
            ("OTHERWISE", await ArrowResults.StreamAsync(Csv, ArrowResults.OtherwiseTyped)),
        })
        {
            var arrow = await _server.Channel("stil-intake").ImportAsync("arrow-" + name, file);
            AssertSame(csv, arrow);
            Assert.Equal(delivered, await DeliverAsync("ARROW-" + name));
        }
    }

    [Fact]
    public async Task Every_fault_is_found_in_the_same_row_in_either_form()
    {
        using var made = new MemoryStream();
        await SyntheticCsvWriter.WriteAsync(new SyntheticResults(20_000, 3, 0.1), made, new SyntheticFaults(0.2, seed: 7));
        var csv = await _server.Channel("stil-intake").ImportAsync("faults-csv", made.ToArray());
        var lines = Encoding.UTF8.GetString(made.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var arrow = await _server.Channel("stil-intake").ImportAsync("faults-arrow", await ArrowResults.FileAsync(lines, ArrowResults.Text));
        Assert.True(csv.Findings.Count > 20, "Too few kinds of faults to prove anything.");
        AssertSame(csv, arrow);
        Assert.Equal(await RejectedAsync("faults-csv"), await RejectedAsync("faults-arrow"));
    }

    [Fact]
    public async Task The_import_command_takes_an_arrow_file_and_takes_it_once()
    {
        var folder = Directory.CreateTempSubdirectory("delivery-arrow-");
        try
        {
            var path = Path.Combine(folder.FullName, "results.arrow");
            await File.WriteAllBytesAsync(path, await ArrowResults.FileAsync(Csv, ArrowResults.Typed));
            var told = await ToolRun.DoneAsync(_server, "import", path);
            Assert.Equal((served.File.Lines.Count, false), ((int)told["accepted_rows"]!, (bool)told["already_imported"]!));
            Assert.True((bool)(await ToolRun.DoneAsync(_server, "import", path))["already_imported"]!);
            var conflict = await ToolRun.AgainstAsync(_server, "import", path, "--id", "first");
            Assert.Equal(1, conflict.Code);
            Assert.Contains("E_IMPORT_CONFLICT", conflict.Talk, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public Task A_missing_column_is_refused() => RefusedAsync("E_CSV_HEADER", Csv.Take(9).Select(line => line[..line.LastIndexOf(',')]), ArrowResults.Typed);

    [Fact]
    public Task An_unknown_column_is_refused() => RefusedAsync(
        "E_CSV_HEADER", Csv.Take(9).Select((line, row) => line + (row == 0 ? ",name" : ",x")), name => name == "name" ? ArrowType.Utf8 : ArrowResults.Typed(name));

    [Fact]
    public async Task A_doubled_column_is_refused()
    {
        // Two names of one length, so that one can be written over the other.
        var file = await ArrowResults.StreamAsync(Csv.Take(9), ArrowResults.Typed);
        var (first, second) = ("profile_area_1_logit"u8.ToArray(), "profile_area_2_logit"u8.ToArray());
        second.CopyTo(file.AsSpan(file.AsSpan().IndexOf(first)));
        await RefusedAsync("E_ARROW_FORMAT", file);
    }

    [Theory]
    [InlineData("grade")]
    [InlineData("points_0_50")]
    [InlineData("tested_at")]
    [InlineData("programme")]
    public Task A_column_of_a_wrong_type_is_refused(string column) => RefusedAsync(
        "E_ARROW_TYPE",
        Csv.Take(9).Select((line, row) => row == 0 ? line : Blank(line, column)),
        name => name == column ? ArrowType.Float64 : ArrowResults.Typed(name));

    [Fact]
    public Task Times_of_another_zone_are_refused() => RefusedAsync(
        "E_ARROW_TYPE", Csv.Take(9), name => name == "tested_at" ? ArrowType.TimestampSecond("Etc/UTC") : ArrowResults.Typed(name));

    [Fact]
    public async Task A_cut_file_is_refused()
    {
        var file = await ArrowResults.FileAsync(Csv, ArrowResults.Typed);
        await RefusedAsync("E_ARROW_FORMAT", file[..(file.Length / 2)]);
        await RefusedAsync("E_ARROW_FORMAT", file[..^1]);
        await RefusedAsync("E_ARROW_FORMAT", file[..7]);
    }

    [Fact]
    public async Task Bytes_after_a_stream_are_refused() => await RefusedAsync("E_ARROW_FORMAT", [.. await ArrowResults.StreamAsync(Csv, ArrowResults.Typed), 0]);

    [Fact]
    public async Task A_length_beyond_reason_is_refused() =>
        await RefusedAsync("E_ARROW_FORMAT", [0xFF, 0xFF, 0xFF, 0xFF, 0xF8, 0xFF, 0xFF, 0x7F, .. new byte[64]]);

    [Fact]
    public async Task A_long_text_shared_by_many_rows_is_refused() => await RefusedAsync(
        "E_CSV_LINE_TOO_LONG",
        Csv.Take(300).Select((line, row) => row == 0 ? line : new ResultsLine(line).With("subject", new string('x', 2000)).ToString()),
        ArrowResults.Typed);

    [Fact]
    public async Task Text_that_is_not_utf8_is_refused()
    {
        var file = await ArrowResults.FileAsync(Csv.Take(9), ArrowResults.Typed);
        var number = Encoding.ASCII.GetBytes(served.File.Lines[0]["cpr_number"]);
        file[file.AsSpan().IndexOf(number)] = 0xC3;
        await RefusedAsync("E_CSV_ENCODING", file);
    }

    [Fact]
    public Task A_file_without_rows_is_refused() => RefusedEmptyAsync();

    private static string Blank(string line, string column) => new ResultsLine(line).With(column, "").ToString();

    private static void AssertSame(ImportResultsResponse one, ImportResultsResponse other)
    {
        Assert.Equal(
            (one.AcceptedRowCount, one.RejectedRowCount, one.WarnedRowCount, one.VoluntaryRowCount),
            (other.AcceptedRowCount, other.RejectedRowCount, other.WarnedRowCount, other.VoluntaryRowCount));
        Assert.Equal(one.Findings, other.Findings);
        Assert.Equal(one.Partitions.Select(partition => (partition.Partition, partition.RowCount)), other.Partitions.Select(partition => (partition.Partition, partition.RowCount)));
    }

    private async Task<IEnumerable<string>> RejectedAsync(string delivery) =>
        (await ToolRun.DoneAsync(_server, "quality", "--delivery", delivery, "--rows")).AsArray().Select(row => row!.ToJsonString());

    // The opened batches of everything in a wide approval.
    private async Task<List<byte[]>> DeliverAsync(string project)
    {
        await _server.PushAsync(SampleApproval.WideOf(_server, project));
        var batches = new List<byte[]>();
        foreach (var extract in await served.Recipient.ListAsync(project))
        {
            using var stream = await served.Recipient.PullAsync(extract);
            batches.AddRange(stream.Batches);
        }

        return batches;
    }

    private async Task RefusedEmptyAsync()
    {
        var none = ArrowResults.Tables(Csv.Take(2), ArrowResults.Typed)[0];
        var empty = none with { Columns = [.. none.Columns.Select(_ => Array.Empty<object?>())] };
        await RefusedAsync("E_CSV_EMPTY", await ArrowResults.WriteAsync([empty], asFile: true));
    }

    private async Task RefusedAsync(string code, IEnumerable<string> csv, Func<string, ArrowType> types) => await RefusedAsync(code, await ArrowResults.FileAsync(csv, types));

    private async Task RefusedAsync(string code, byte[] file)
    {
        var (before, size) = (StoreState.Of(_server), _server.LogSize());
        await RefusedCall.ExpectAsync(code, StatusCode.InvalidArgument, () => _server.Channel("stil-intake").SendAsync(Upload.Frames("bad-arrow", file)));
        Assert.Equal(before, StoreState.Of(_server));
        var leaf = Assert.Single(_server.Leaves(size));
        Assert.Equal((LeafType.AccessRefused, code), (leaf.Type, leaf.Text("reason_code")));
    }
}

public sealed class ArrowImportTestsOnSqlite(ServedOnSqlite served) : ArrowImportTests(served), IClassFixture<ServedOnSqlite>;

[NeedsPostgres]
public sealed class ArrowImportTestsOnPostgres(ServedOnPostgres served) : ArrowImportTests(served), IClassFixture<ServedOnPostgres>;
