using System.CommandLine;
using Delivery.Protocol.Domain.Errata;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery erratum list</c>: every erratum there is.</summary>
internal static class ErratumListCommand
{
    public static Command Create()
    {
        var command = new ToolCommand(
            "list",
            "Lists every caveat and fault that was registered, withdrawn ones too.",
            ["delivery erratum list", "delivery erratum list --as dst-ingestion --json"]);
        var connection = new ConnectionOptions(command, "stil-approvals");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            var errata = await client.Errata.ListAsync(cancellation);
            terminal.AnswerTable(
                errata.Select(ErratumTexts.Document),
                ["erratum", "severity", "concerns", "columns", "registered", "withdrawn", "text"],
                errata.Select(known => (IReadOnlyList<string>)
                [
                    known.Erratum.Id,
                    known.Erratum.Severity.Code(),
                    ErratumTexts.Reach(known.Erratum),
                    ErratumTexts.Columns(known.Erratum),
                    Values.Text(known.RegisteredAt),
                    known.Withdrawal is { } end ? Values.Text(end.WithdrawnAt) : "",
                    known.Erratum.Text.English,
                ]));
            return ExitCode.Done;
        });
    }
}
