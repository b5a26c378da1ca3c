using System.Security.Cryptography;
using System.Text;
using Delivery.Client.Synthetic;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Grpc.Core;

namespace Delivery.EndToEnd;

/// <summary>Files and frames that are not what they should be: each is refused by name, and the store is as it was before.</summary>
public abstract class BadImportTests(ServedResults served)
{
    private const string Header = SyntheticCsvWriter.Header;

    private readonly RunningServer _server = served.Server;

    private string Row => served.File.Lines[0].ToString();

    [Fact]
    public Task A_quotation_mark_that_never_closes_is_refused() => RefusedFileAsync("E_CSV_QUOTE", $"{Header}\r\n{Row}\r\n\"{Row}\r\n{Row}\r\n");

    [Fact]
    public Task A_quotation_mark_in_the_middle_of_a_field_is_refused() => RefusedFileAsync("E_CSV_QUOTE", $"{Header}\r\n{Row.Insert(3, "\"")}\r\n");

    [Fact]
    public Task A_line_with_a_field_too_many_is_refused() => RefusedFileAsync("E_CSV_COLUMNS", $"{Header}\r\n{Row}\r\n{Row},\r\n");

    [Fact]
    public Task A_line_with_a_field_too_few_is_refused() => RefusedFileAsync("E_CSV_COLUMNS", $"{Header}\r\n{Row}\r\n{Row[..Row.LastIndexOf(',')]}\r\n");

    [Fact]
    public Task A_header_without_a_column_is_refused() => RefusedFileAsync("E_CSV_HEADER", $"{Header[..Header.LastIndexOf(',')]}\r\n{Row}\r\n");

    [Fact]
    public Task A_header_with_a_column_twice_is_refused() => RefusedFileAsync("E_CSV_HEADER", $"{Header},cpr_number\r\n{Row},\r\n");

    [Fact]
    public Task A_header_with_an_unknown_column_is_refused() => RefusedFileAsync("E_CSV_HEADER", $"{Header},name\r\n{Row},\r\n");

    [Fact]
    public Task A_file_without_a_header_is_refused() => RefusedFileAsync("E_CSV_HEADER", $"{Row}\r\n{Row}\r\n");

    [Fact]
    public Task An_empty_file_is_refused() => RefusedFileAsync("E_CSV_EMPTY", "");

    [Fact]
    public Task A_file_that_is_a_header_alone_is_refused() => RefusedFileAsync("E_CSV_EMPTY", $"{Header}\r\n");

    [Fact]
    public Task A_header_with_an_embedded_nul_is_refused() => RefusedFileAsync("E_CSV_HEADER", $"{Header}\0\r\n{Row}\r\n");

    [Fact]
    public Task Text_that_is_not_utf8_is_refused() =>
        RefusedAsync("E_CSV_ENCODING", StatusCode.InvalidArgument, Upload.Frames("latin", Encoding.Latin1.GetBytes($"{Header}\r\n{Row.Replace("NT", "ÅØ", StringComparison.Ordinal)}\r\n")));

    [Fact]
    public Task Text_of_two_bytes_a_letter_is_refused() =>
        RefusedAsync("E_CSV_HEADER", StatusCode.InvalidArgument, Upload.Frames("utf16", Encoding.BigEndianUnicode.GetBytes($"{Header}\r\n{Row}\r\n")));

    [Fact]
    public async Task A_nul_in_a_row_costs_that_row_only()
    {
        var rest = string.Join("\r\n", served.File.Lines);
        var report = await _server.Channel("stil-intake").ImportAsync("nul", Encoding.UTF8.GetBytes($"{Header}\r\n{Row.Replace("90", "9\0", StringComparison.Ordinal)}\r\n{rest}\r\n"));
        Assert.Equal(served.File.Lines.Count, report.AcceptedRowCount);
        Assert.Equal(1, report.RejectedRowCount);
    }

    [Fact]
    public async Task A_line_without_end_is_refused_before_it_is_read_to_its_end()
    {
        const int ChunkBytes = 256 * 1024, Chunks = 400;
        var chunk = Upload.Chunk(Enumerable.Repeat((byte)'7', ChunkBytes).ToArray());
        var sent = 0;
        IEnumerable<ImportResultsRequest> Frames()
        {
            yield return Upload.Header("endless", (long)ChunkBytes * Chunks);
            for (; sent < Chunks; sent++)
            {
                yield return chunk;
            }
        }

        await RefusedAsync("E_CSV_LINE_TOO_LONG", StatusCode.InvalidArgument, Frames());
        Assert.True(sent < Chunks, "The whole line was taken.");
    }

    [Fact]
    public Task A_file_shorter_than_announced_is_refused() => RefusedAsync("E_IMPORT_SIZE", StatusCode.InvalidArgument,
        [Upload.Header("short", served.File.Bytes.Length + 1), .. Upload.Chunks(served.File.Bytes), Upload.Trailer(SHA256.HashData(served.File.Bytes))]);

    [Fact]
    public Task A_file_longer_than_announced_is_refused() => RefusedAsync("E_IMPORT_SIZE", StatusCode.InvalidArgument,
        [Upload.Header("long", served.File.Bytes.Length - 1), .. Upload.Chunks(served.File.Bytes), Upload.Trailer(SHA256.HashData(served.File.Bytes))]);

    [Fact]
    public Task A_file_with_another_digest_is_refused() => RefusedAsync("E_IMPORT_DIGEST", StatusCode.DataLoss,
        [Upload.Header("altered", served.File.Bytes.Length), .. Upload.Chunks(served.File.Bytes), Upload.Trailer(SHA256.HashData("another"u8))]);

    [Fact]
    public Task A_file_without_a_trailer_is_refused() => RefusedAsync("E_IMPORT_SEQUENCE", StatusCode.InvalidArgument,
        [Upload.Header("cut", served.File.Bytes.Length), .. Upload.Chunks(served.File.Bytes)]);

    [Fact]
    public Task Chunks_before_the_header_are_refused() => RefusedAsync("E_IMPORT_SEQUENCE", StatusCode.InvalidArgument,
        [.. Upload.Chunks(served.File.Bytes).Take(1), Upload.Header("late", 1)]);

    [Fact]
    public Task A_second_header_is_refused() => RefusedAsync("E_IMPORT_SEQUENCE", StatusCode.InvalidArgument,
        [Upload.Header("twice", served.File.Bytes.Length), .. Upload.Chunks(served.File.Bytes).Take(1), Upload.Header("twice", served.File.Bytes.Length)]);

    [Fact]
    public Task A_frame_that_holds_nothing_is_refused() => RefusedAsync("E_IMPORT_SEQUENCE", StatusCode.InvalidArgument,
        [Upload.Header("hollow", served.File.Bytes.Length), new ImportResultsRequest()]);

    [Fact]
    public Task A_file_without_an_encoding_is_refused() => RefusedAsync("E_FIELD_MISSING", StatusCode.InvalidArgument,
        [Upload.Header("unsaid", 1, CsvEncoding.Unspecified)]);

    [Fact]
    public async Task A_delivery_without_a_proper_name_is_refused()
    {
        await RefusedAsync("E_FIELD_FORMAT", StatusCode.InvalidArgument, [Upload.Header("7503 084", 1)]);
        await RefusedAsync("E_FIELD_FORMAT", StatusCode.InvalidArgument, [Upload.Header("spring\n", 1)]);
    }

    [Fact]
    public Task A_delivery_named_like_a_civil_registration_number_is_refused_before_it_is_begun() =>
        RefusedAsync("E_CPR_CLEARTEXT", StatusCode.InvalidArgument, [Upload.Header("spring.7503084001", 1)]);

    [Fact]
    public async Task The_same_delivery_again_is_answered_as_the_first_time_and_changes_nothing()
    {
        var before = (StoreState.Of(_server), _server.LogSize());
        var again = await _server.Channel("stil-intake").ImportAsync("first", served.File.Bytes);
        Assert.True(again.AlreadyImported);
        Assert.Equal(served.File.Lines.Count, again.AcceptedRowCount);
        Assert.Equal(before, (StoreState.Of(_server), _server.LogSize()));
    }

    [Fact]
    public Task The_same_delivery_with_other_content_is_refused() =>
        RefusedAsync("E_IMPORT_CONFLICT", StatusCode.FailedPrecondition, Upload.Frames("first", Encoding.UTF8.GetBytes($"{Header}\r\n{Row}\r\n")));

    private Task RefusedFileAsync(string code, string text) =>
        RefusedAsync(code, StatusCode.InvalidArgument, Upload.Frames("bad-" + code, Encoding.UTF8.GetBytes(text)));

    private async Task RefusedAsync(string code, StatusCode status, IEnumerable<ImportResultsRequest> frames)
    {
        var (before, size) = (StoreState.Of(_server), _server.LogSize());
        await RefusedCall.ExpectAsync(code, status, () => _server.Channel("stil-intake").SendAsync(frames));
        Assert.Equal(before, StoreState.Of(_server));
        var leaf = Assert.Single(_server.Leaves(size));
        Assert.Equal((LeafType.AccessRefused, code), (leaf.Type, leaf.Text("reason_code")));
    }
}

public sealed class BadImportTestsOnSqlite(ServedOnSqlite served) : BadImportTests(served), IClassFixture<ServedOnSqlite>;

[NeedsPostgres]
public sealed class BadImportTestsOnPostgres(ServedOnPostgres served) : BadImportTests(served), IClassFixture<ServedOnPostgres>;
