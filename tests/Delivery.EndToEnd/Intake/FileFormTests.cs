using System.Text;
using Delivery.Client.Synthetic;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;

namespace Delivery.EndToEnd.Intake;

/// <summary>A file brings the same rows in whatever form it is written.</summary>
public abstract class FileFormTests(StoreKind store) : IDisposable
{
    private const int Rows = 20_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("delivery-forms-");

    [Fact]
    public async Task Windows_1252_with_semicolons_brings_the_rows_of_the_plain_file()
    {
        var lines = await LinesAsync();
        var windows = string.Join('\n', lines.Select(Semicolons)) + "\n";
        Assert.Equal(await ImportAsync(Plain(lines)), await ImportAsync(Encoding.Latin1.GetBytes(windows), "--encoding", "windows-1252", "--delimiter", "semicolon"));
    }

    [Fact]
    public async Task A_byte_order_mark_and_carriage_returns_bring_the_rows_of_the_plain_file()
    {
        var lines = await LinesAsync();
        byte[] marked = [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(string.Join("\r\n", lines) + "\r\n")];
        Assert.Equal(await ImportAsync(Plain(lines)), await ImportAsync(marked, "--encoding", "utf8", "--delimiter", "comma"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static byte[] Plain(string[] lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");

    // A comma between quotation marks is no separator.
    private static string Semicolons(string line) => string.Join('"', line.Split('"').Select((part, index) => index % 2 == 0 ? part.Replace(',', ';') : part));

    // Every kind of fault, and every 500th row with Danish letters and their like where they do not belong.
    private static async Task<string[]> LinesAsync()
    {
        using var made = new MemoryStream();
        await SyntheticCsvWriter.WriteAsync(new SyntheticResults(Rows, 3, voluntaryShare: 0.1), made, new SyntheticFaults(0.1, seed: 7));
        var lines = Encoding.UTF8.GetString(made.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        for (var line = 500; line < lines.Length; line += 500)
        {
            lines[line] = new ResultsLine(lines[line]).With("obligation", "FRIVILLIG PRØVE Å Æ é").ToString();
        }

        return lines;
    }

    private async Task<string> ImportAsync(byte[] content, params string[] form)
    {
        await using var server = await RunningServer.StartNewAsync(store, ("Delivery:Storage:SegmentRowsMax", "256"));
        var file = Path.Combine(_folder.FullName, "results.csv");
        await File.WriteAllBytesAsync(file, content);
        var report = await ToolRun.DoneAsync(server, ["import", file, "--id", "form", .. form]);
        Assert.Equal(Rows, (long)report["accepted_rows"]! + (long)report["rejected_rows"]!);
        Assert.True((long)report["rejected_rows"]! >= Rows / 500);

        // The digest of the file is its form's own.
        var stored = StoredContent.Of(server).Split('\n').Where(line => !line.StartsWith("import ", StringComparison.Ordinal));
        return string.Join('\n', stored) + report["findings"]!.ToJsonString();
    }
}

public sealed class FileFormTestsOnSqlite() : FileFormTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class FileFormTestsOnPostgres() : FileFormTests(StoreKind.Postgres);
