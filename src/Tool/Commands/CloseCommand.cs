using System.CommandLine;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery close</c>: a project ends without a delivery.</summary>
internal static class CloseCommand
{
    public static Command Create()
    {
        var project = new Argument<string>("PROJECT") { Description = "The project." };
        var command = new ToolCommand(
            "close",
            "Closes a project to which nothing was delivered, for good.",
            ["delivery close UNI-2026-019", "delivery close UNI-2026-019 --as administrator --json"])
        {
            project,
        };
        var connection = new ConnectionOptions(command, "stil-approvals");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            var closed = await client.Closure.CloseWithoutDataAsync(parse.GetRequiredValue(project), cancellation);
            terminal.Say($"The project is {closed.ProjectState}; leaf {closed.LogIndex} in the transfer log.");
            terminal.Answer(closed, $"{closed.ProjectId} {closed.ProjectState}");
            return ExitCode.Done;
        });
    }
}
