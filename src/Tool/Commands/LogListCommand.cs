using System.CommandLine;
using System.Text.Json.Nodes;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery log list</c>: leaves of the transfer log.</summary>
internal static class LogListCommand
{
    public static Command Create()
    {
        var project = new Option<string?>("--project") { Description = "Only leaves of this project.", HelpName = "ID" };
        var from = new Option<long>("--from") { Description = "First index wanted.", HelpName = "N" };
        from.Validators.Add(result =>
        {
            if (result.GetValue(from) < 0)
            {
                result.AddError("--from is 0 or more");
            }
        });
        var command = new ToolCommand(
            "list",
            "Lists leaves of the transfer log, each as the exact line that was hashed: all for an auditor, those of their own organisation for others.",
            ["delivery log list", "delivery log list --project UNI-2026-017 --from 100 --json"])
        {
            project, from,
        };
        var connection = new ConnectionOptions(command, "auditor");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            var leaves = new List<string>();
            await foreach (var entry in client.Log.ListAsync(parse.GetValue(from), 0, parse.GetValue(project), cancellation))
            {
                leaves.Add(entry.Json);
            }

            terminal.Say($"{Quantity.Count(leaves.Count)} leaves");
            terminal.Answer(leaves.Select(leaf => JsonNode.Parse(leaf)), leaves);
            return ExitCode.Done;
        });
    }
}
