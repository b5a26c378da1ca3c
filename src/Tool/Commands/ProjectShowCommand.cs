using System.CommandLine;
using Delivery.Client.Approvals;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery project show</c>: one project.</summary>
internal static class ProjectShowCommand
{
    public static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "The project." };
        var command = new ToolCommand(
            "show",
            "Shows one project: its state, its period, what it may see and what was delivered.",
            ["delivery project show UNI-2026-017", "delivery project show UNI-2026-017 --as dst-ingestion --json"])
        {
            id,
        };
        var connection = new ConnectionOptions(command, "stil-approvals");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            var project = await client.Approvals.GetProjectAsync(parse.GetRequiredValue(id), cancellation);
            terminal.Answer(project, Lines(project));
            return ExitCode.Done;
        });
    }

    private static IEnumerable<string> Lines(ProjectStanding project)
    {
        yield return $"project     {project.ProjectId}, version {project.Version}";
        yield return $"state       {project.State}";
        yield return $"controller  {project.ControllerName} (CVR {project.ControllerCvr})";
        yield return $"recipient   project {project.DstProjectNumber} at Danmarks Statistik";
        yield return $"period      {Values.Text(project.PeriodFrom)} to {Values.Text(project.PeriodTo)}; delete by {Values.Text(project.DeletionDue)}";
        yield return $"tests       {string.Join(' ', project.Partitions)}";
        yield return $"variables   {string.Join(' ', project.Variables)}";
        foreach (var holding in project.Holdings)
        {
            yield return $"holding     {holding.HoldingId}: {Quantity.Count(holding.RowCount)} rows on {Values.Text(holding.DeliveredOn)}, delete by {Values.Text(holding.DeletionDue)}, {holding.State}{(holding.IsPartDeletionDue ? ", part deletion due" : "")}; extract {holding.ExtractId}";
        }
    }
}
