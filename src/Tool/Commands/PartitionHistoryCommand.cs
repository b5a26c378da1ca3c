using System.CommandLine;
using System.Globalization;
using Delivery.Client.Intake;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery partition history</c>: every generation a partition has had, and what was delivered of each.</summary>
internal static class PartitionHistoryCommand
{
    public static Command Create()
    {
        var partition = new Argument<string>("PARTITION") { Description = "For example NT-DAN-2-2014." };
        var command = new ToolCommand(
            "history",
            "Tells every generation a partition has had, newest first: when, from which source delivery, how many rows, and the extracts made of it.",
            ["delivery partition history NT-DAN-2-2014", "delivery partition history NT-DAN-2-2014 --as auditor --json"])
        {
            partition,
        };
        var connection = new ConnectionOptions(command, "stil-intake");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            var generations = await client.Intake.GetHistoryAsync(parse.GetRequiredValue(partition), cancellation);
            terminal.AnswerTable(
                generations,
                ["generation", "state", "imported", "source delivery", "rows", "set aside", "leaf", "extracts"],
                generations.Select(Line));
            return ExitCode.Done;
        });
    }

    private static IReadOnlyList<string> Line(PartitionGeneration one) =>
    [
        one.Generation.ToString(CultureInfo.InvariantCulture),
        one.State,
        Values.Text(one.ImportedAt),
        one.SourceDeliveryId,
        Quantity.Count(one.Rows),
        Quantity.Count(one.RejectedRows),
        one.LogIndex.ToString(CultureInfo.InvariantCulture),
        string.Join(' ', one.ExtractIds),
    ];
}
