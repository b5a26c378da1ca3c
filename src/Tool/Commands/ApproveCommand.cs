using System.CommandLine;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery approve</c>: an approval from STIL's case system.</summary>
internal static class ApproveCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE.json") { Description = "The approval; docs/examples/approval.json shows one." };
        var command = new ToolCommand(
            "approve",
            "Registers an approval. All rules are checked, and everything that is wrong is told at once.",
            ["delivery approve docs/examples/approval.json", "delivery approve approval.json --json"])
        {
            file,
        };
        var connection = new ConnectionOptions(command, "stil-approvals");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            var json = await File.ReadAllTextAsync(parse.GetRequiredValue(file), cancellation);
            using var client = connection.Read(parse).Open();
            var pushed = await client.Approvals.PushAsync(json, cancellation);
            terminal.Say(pushed.IsNew
                ? $"Project {pushed.ProjectId} is approved in version {pushed.Version}; leaf {pushed.LogIndex} in the transfer log."
                : $"Project {pushed.ProjectId} had version {pushed.Version} already, with the same content.");
            terminal.Answer(pushed, $"{pushed.ProjectId} {pushed.Version}");
            return ExitCode.Done;
        });
    }
}
