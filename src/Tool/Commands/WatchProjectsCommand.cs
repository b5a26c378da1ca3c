using System.CommandLine;
using Delivery.Client.Approvals;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery watch projects</c>: where projects stand, and every change from then on.</summary>
internal static class WatchProjectsCommand
{
    public static Command Create()
    {
        var command = new ToolCommand(
            "projects",
            "Tells where every visible project stands, then each again when it changes, until Ctrl+C. Survives a restart of the server. With --json, one document a line.",
            ["delivery watch projects", "delivery watch projects --as administrator --json"]);
        var connection = new ConnectionOptions(command, "stil-approvals");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            try
            {
                await foreach (var change in client.Approvals.WatchAsync(cancellation))
                {
                    terminal.AnswerNext(change, Line(change));
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // Being stopped is how a watch ends well.
            }

            return ExitCode.Done;
        });
    }

    private static string Line(ProjectChange change)
    {
        var project = change.Project;
        var open = project.Holdings.Count(holding => holding.State == "OPEN");
        return $"{project.ProjectId}  {project.State}  version {project.Version}  delete by {Values.Text(project.DeletionDue)}  open holdings {open}  log {change.LogSize}";
    }
}
