using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Delivery.Client.Intake;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery quality</c>: what is known about the quality of results, and which rows were set aside.</summary>
internal static class QualityCommand
{
    public static Command Create()
    {
        var partition = new Argument<string?>("PARTITION") { Description = "For example NT-DAN-2-2014.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Every partition that holds results." };
        var generation = new Option<long>("--generation") { Description = "An earlier generation of the partition.", HelpName = "N" };
        var rows = new Option<bool>("--rows") { Description = "The rows that were set aside, by number and code, instead of counts." };
        var delivery = new Option<string?>("--delivery") { Description = "With --rows: all rows of a source delivery, also those that name no test there is.", HelpName = "ID" };
        var code = new Option<string?>("--code") { Description = "With --rows: only rows with this code.", HelpName = "CODE" };
        var command = new ToolCommand(
            "quality",
            "Tells what is known about the quality of results: counts by rule, or the rows that were set aside. Never a value.",
            ["delivery quality NT-DAN-2-2014", "delivery quality --all --json", "delivery quality NT-DAN-2-2014 --rows --code E_CPR_DATE", "delivery quality --delivery 2026-spring --rows"])
        {
            partition, all, generation, rows, delivery, code,
        };
        command.Validators.Add(result =>
        {
            var named = (result.GetValue(partition) is null ? 0 : 1) + (result.GetValue(all) ? 1 : 0) + (result.GetValue(delivery) is null ? 0 : 1);
            if (named != 1)
            {
                result.AddError("Name one of PARTITION, --all and --delivery");
            }
            else if (result.GetValue(rows) ? result.GetValue(all) : result.GetValue(delivery) is not null || result.GetValue(code) is not null)
            {
                result.AddError("--rows goes with PARTITION or --delivery; --delivery and --code go with --rows");
            }
            else if (result.GetValue(generation) < 0 || (result.GetValue(generation) > 0 && result.GetValue(partition) is null))
            {
                result.AddError("--generation is 1 or more, and goes with PARTITION");
            }
        });
        var connection = new ConnectionOptions(command, "stil-intake");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            if (parse.GetValue(rows))
            {
                var query = new RejectedRowsQuery
                {
                    Partition = parse.GetValue(partition), Generation = parse.GetValue(generation), SourceDeliveryId = parse.GetValue(delivery), Code = parse.GetValue(code),
                };
                await TellRowsAsync(client.Intake.ListRejectedRowsAsync(query, cancellation), terminal);
                return ExitCode.Done;
            }

            Tell(await client.Intake.GetQualityAsync(parse.GetValue(partition), parse.GetValue(generation), cancellation), terminal);
            return ExitCode.Done;
        });
    }

    private static async Task TellRowsAsync(IAsyncEnumerable<RejectedRow> rows, Terminal terminal)
    {
        var found = new List<RejectedRow>();
        await foreach (var row in rows)
        {
            found.Add(row);
        }

        terminal.Say($"{Quantity.Count(found.Count)} rows set aside");
        terminal.AnswerTable(
            found,
            ["row", "partition", "codes"],
            found.Select(row => (IReadOnlyList<string>)[row.RowNumber.ToString(CultureInfo.InvariantCulture), row.Partition, string.Join(' ', row.Codes)]));
    }

    private static void Tell(IReadOnlyList<QualityReport> reports, Terminal terminal)
    {
        terminal.Say($"{Quantity.Count(reports.Count)} partitions: {Quantity.Count(reports.Sum(report => report.Rows))} rows stored, {Quantity.Count(reports.Sum(report => report.RejectedRows))} set aside, {Quantity.Count(reports.Sum(report => report.VoluntaryRows))} voluntary");
        terminal.AnswerTable(
            reports.Select(report => new
            {
                report.Partition,
                report.Generation,
                report.SourceDeliveryId,
                report.Rows,
                report.RejectedRows,
                report.VoluntaryRows,
                Findings = report.Findings.Select(finding => new
                {
                    finding.Code,
                    Severity = SeverityName(finding),
                    finding.Rows,
                    TextDa = finding.Text.Danish,
                    TextEn = finding.Text.English,
                }),
                report.Digest,
                Document = JsonNode.Parse(Encoding.UTF8.GetString(report.Document.Span)),
            }),
            ["partition", "generation", "code", "severity", "rows", "what it says"],
            reports.SelectMany(Lines));
    }

    // A partition without findings still has its line.
    private static IEnumerable<IReadOnlyList<string>> Lines(QualityReport report)
    {
        var generation = report.Generation.ToString(CultureInfo.InvariantCulture);
        yield return [report.Partition, generation, "", "", Quantity.Count(report.Rows), "rows stored"];
        foreach (var finding in report.Findings)
        {
            yield return [report.Partition, generation, finding.Code, SeverityName(finding), Quantity.Count(finding.Rows), finding.Text.English];
        }
    }

    private static string SeverityName(ImportFinding finding) => finding.Severity.ToString().ToLowerInvariant();
}
