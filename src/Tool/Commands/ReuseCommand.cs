using System.CommandLine;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery reuse</c>: Danmarks Statistik carried an earlier delivery over to another project.</summary>
internal static class ReuseCommand
{
    public static Command Create()
    {
        var project = new Argument<string>("PROJECT") { Description = "The project that receives; its approval names the holding it comes from." };
        var rows = new Option<long>("--rows") { Description = "Rows carried over.", HelpName = "N", Required = true };
        rows.Validators.Add(result =>
        {
            if (result.GetValue(rows) < 1)
            {
                result.AddError("--rows is 1 or more");
            }
        });
        var command = new ToolCommand(
            "reuse",
            "Records that an earlier delivery was carried over to another approved project of the same controller. Nothing leaves STIL; the project gets a deletion duty of its own.",
            ["delivery reuse UNI-2026-018 --rows 4100"])
        {
            project, rows,
        };
        var connection = new ConnectionOptions(command, "dst-ingestion");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            var reused = await client.Closure.RegisterReuseAsync(parse.GetRequiredValue(project), parse.GetRequiredValue(rows), cancellation);
            terminal.Say($"Recorded; leaf {reused.LogIndex} in the transfer log. Holding {reused.HoldingId} must be deleted by {Values.Text(reused.DeletionDue)}.");
            terminal.Answer(reused, reused.HoldingId);
            return ExitCode.Done;
        });
    }
}
