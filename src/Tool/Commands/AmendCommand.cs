using System.CommandLine;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery amend</c>: the next version of an approval.</summary>
internal static class AmendCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE.json") { Description = "The whole approval, its version one above the one in force." };
        var command = new ToolCommand(
            "amend",
            "Replaces the approval in force by its next version. Widening needs a new signature; narrowing leaves a duty to delete the difference from what was delivered.",
            ["delivery amend approval-2.json", "delivery amend approval-2.json --json"])
        {
            file,
        };
        var connection = new ConnectionOptions(command, "stil-approvals");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            var json = await File.ReadAllTextAsync(parse.GetRequiredValue(file), cancellation);
            using var client = connection.Read(parse).Open();
            var amended = await client.Approvals.AmendAsync(json, cancellation);
            terminal.Say(amended.IsNew
                ? $"Project {amended.ProjectId} is {(amended.IsWidened ? "widened" : "amended")} in version {amended.Version}; leaf {amended.LogIndex} in the transfer log."
                : $"Project {amended.ProjectId} had version {amended.Version} already, with the same content.");
            if (amended.PartDeletionHoldingIds.Count > 0)
            {
                terminal.Say($"What is no longer approved must be deleted from {string.Join(", ", amended.PartDeletionHoldingIds)}; then: delivery confirm-part-deletion {amended.ProjectId}");
            }

            terminal.Answer(amended, $"{amended.ProjectId} {amended.Version}");
            return ExitCode.Done;
        });
    }
}
