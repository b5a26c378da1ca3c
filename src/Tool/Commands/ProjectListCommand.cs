using System.CommandLine;
using System.Globalization;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery project list</c>: the projects the caller may see.</summary>
internal static class ProjectListCommand
{
    public static Command Create()
    {
        var command = new ToolCommand(
            "list",
            "Lists the projects the caller may see, and where each stands.",
            ["delivery project list", "delivery project list --as auditor --json"]);
        var connection = new ConnectionOptions(command, "stil-approvals");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            var projects = await client.Approvals.ListProjectsAsync(cancellation);
            terminal.AnswerTable(
                projects,
                ["project", "version", "state", "controller", "delete by", "holdings"],
                projects.Select(project => (IReadOnlyList<string>)
                [
                    project.ProjectId,
                    project.Version.ToString(CultureInfo.InvariantCulture),
                    project.State,
                    project.ControllerName,
                    project.DeletionDue?.ToString("O", CultureInfo.InvariantCulture) ?? "",
                    project.Holdings.Count.ToString(CultureInfo.InvariantCulture),
                ]));
            return ExitCode.Done;
        });
    }
}
