using System.CommandLine;
using System.Security.Cryptography;
using Delivery.Client.Intake;
using Delivery.Protocol.Domain;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery import</c>: results from the test system.</summary>
internal static class ImportCommand
{
    public static Command Create(TimeProvider clock)
    {
        var file = new Argument<string>("FILE") { Description = "Results as CSV, or as an Arrow IPC file or stream: one row per pupil and test; docs/results-csv.md has the columns." };
        var id = new Option<string?>("--id") { Description = "The sender's name for this delivery; importing it again changes nothing. Default: the file's name and the beginning of its SHA-256.", HelpName = "ID" };
        var encoding = new Option<string>("--encoding") { Description = "Text encoding of a CSV file.", DefaultValueFactory = _ => "utf8" };
        encoding.AcceptOnlyFromAmong("utf8", "windows-1252");
        var delimiter = new Option<string>("--delimiter") { Description = "Field separator of a CSV file.", DefaultValueFactory = _ => "comma" };
        delimiter.AcceptOnlyFromAmong("comma", "semicolon");
        var command = new ToolCommand(
            "import",
            "Imports a file of results. Every partition the file names is replaced as a whole, all or none.",
            ["delivery import results.csv", "delivery import results.arrow", "delivery import results.csv --id 2026-spring --encoding windows-1252 --delimiter semicolon --json"])
        {
            file, id, encoding, delimiter,
        };
        var connection = new ConnectionOptions(command, "stil-intake");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            var path = parse.GetRequiredValue(file);
            var options = new ImportOptions
            {
                SourceDeliveryId = parse.GetValue(id) ?? await NameOfAsync(path, cancellation),
                Encoding = parse.GetValue(encoding) == "utf8" ? CsvEncoding.Utf8 : CsvEncoding.Windows1252,
                Delimiter = parse.GetValue(delimiter) == "comma" ? CsvDelimiter.Comma : CsvDelimiter.Semicolon,
            };
            using var client = connection.Read(parse).Open();
            var start = clock.GetTimestamp();
            var report = await RunAsync(client, path, options, terminal, cancellation);
            Tell(report, clock.GetElapsedTime(start).TotalSeconds, terminal);
            return ExitCode.Done;
        });
    }

    /// <summary>Imports a file with a progress bar.</summary>
    public static async Task<ImportReport> RunAsync(
        Client.DeliveryClient client, string path, ImportOptions options, Terminal terminal, CancellationToken cancellation)
    {
        return await terminal.WatchAsync("Importing", new FileInfo(path).Length, progress =>
            client.Intake.ImportCsvAsync(path, options, new Relay<ImportProgress>(progress, step => Sent(step, terminal)), cancellation));
    }

    // A wait is said in words too, so that nobody takes it for a stand-still.
    private static long Sent(ImportProgress step, Terminal terminal)
    {
        if (step.WaitsFor is { } obstacle)
        {
            terminal.Say($"{obstacle.Code}: {obstacle.TextEn}. Waiting, and then sending the file again.");
        }

        return step.BytesSent;
    }

    private static void Tell(ImportReport report, double seconds, Terminal terminal)
    {
        var repeated = report.AlreadyImported ? " (imported before; nothing was changed now)" : "";
        terminal.Say($"{Quantity.Count(report.AcceptedRows)} rows accepted, {Quantity.Count(report.RejectedRows)} rejected, in {Quantity.Seconds(seconds)}{repeated}");
        terminal.AnswerTable(
            new
            {
                report.SourceDeliveryId,
                report.AcceptedRows,
                report.RejectedRows,
                report.WarnedRows,
                report.VoluntaryRows,
                report.AlreadyImported,
                Findings = report.Findings.Select(finding => new
                {
                    finding.Code,
                    Severity = SeverityName(finding.Severity),
                    finding.Rows,
                    finding.FirstRowNumbers,
                    TextDa = finding.Text.Danish,
                    TextEn = finding.Text.English,
                }),
                report.Partitions,
                Seconds = Math.Round(seconds, 3),
            },
            ["code", "severity", "rows", "what it says"],
            report.Findings.Select(finding => (IReadOnlyList<string>)[finding.Code, SeverityName(finding.Severity), Quantity.Count(finding.Rows), finding.Text.English]));
    }

    private static string SeverityName(Severity severity) => severity.ToString().ToLowerInvariant();

    // A name that follows the content: the same file sent twice is the same delivery, a corrected one is another.
    private static async Task<string> NameOfAsync(string path, CancellationToken cancellation)
    {
        await using var content = File.OpenRead(path);
        var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
        var name = string.Concat(Path.GetFileNameWithoutExtension(path).Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-').Take(40));
        // In groups, so that digits in a row are never mistaken for a civil registration number, which the server refuses.
        return $"{name}.{digest[..4]}.{digest[4..8]}.{digest[8..12]}.{digest[12..16]}";
    }
}
