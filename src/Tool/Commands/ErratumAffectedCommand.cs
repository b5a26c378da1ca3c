using System.CommandLine;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery erratum affected</c>: who received what an erratum concerns.</summary>
internal static class ErratumAffectedCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "The erratum." };
        var command = new ToolCommand(
            "affected",
            "Lists every project, extract and holding that received what an erratum concerns, by test, year, columns and import, carried-over holdings too.",
            ["delivery erratum affected E-2026-01", "delivery erratum affected E-2026-01 --as auditor --json"])
        {
            id,
        };
        var connection = new ConnectionOptions(command, "stil-approvals");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            var affected = await client.Errata.ListAffectedAsync(parse.GetRequiredValue(id), cancellation);
            terminal.AnswerTable(
                affected,
                ["project", "extract", "holding", "state", "delivered on", "carried over from", "told with it", "tests", "columns"],
                affected.Select(delivery => (IReadOnlyList<string>)
                [
                    delivery.ProjectId,
                    delivery.ExtractId,
                    delivery.HoldingId,
                    delivery.State,
                    Values.Text(delivery.DeliveredOn),
                    delivery.SourceHoldingId,
                    delivery.IsCarried ? "yes" : "no",
                    string.Join(' ', delivery.Partitions.Select(partition => $"{partition.Partition}@{partition.Generation}")),
                    string.Join(' ', delivery.Partitions.SelectMany(partition => partition.Columns).Distinct()),
                ]));
            return ExitCode.Done;
        });
    }
}
