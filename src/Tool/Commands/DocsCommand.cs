using System.CommandLine;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery docs</c>: the documentation of a project's data.</summary>
internal static class DocsCommand
{
    public static Command Create()
    {
        var project = new Argument<string>("PROJECT") { Description = "The project." };
        var output = new Option<string>("--out") { Description = "Folder to write into; made if it is not there.", HelpName = "DIR", Required = true };
        var force = new Option<bool>("--force") { Description = "Replace documents that are there." };
        var command = new ToolCommand(
            "docs",
            "Writes the documentation of exactly what a project has, or can have: a page in Danish and one in English, a DDI Codebook 2.5, and the CSVW metadata of a CSV output.",
            ["delivery docs UNI-2026-017 --out documentation", "delivery docs UNI-2026-017 --out documentation --as dst-ingestion --force --json"])
        {
            project, output, force,
        };
        var connection = new ConnectionOptions(command, "stil-approvals");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            var documentation = await client.Documentation.GetAsync(parse.GetRequiredValue(project), cancellation);
            var paths = documentation.Save(parse.GetRequiredValue(output), parse.GetValue(force));
            foreach (var extract in documentation.Extracts)
            {
                terminal.Say($"Describes {extract.ExtractId}, {(extract.IsDelivered ? "as it was read" : "as it would be read now")}.");
            }

            terminal.Answer(new { documentation.Extracts, Files = paths.Select(Path.GetFullPath) }, paths);
            return ExitCode.Done;
        });
    }
}
