using System.CommandLine;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery catalogue variables</c>: the variables an approval can name.</summary>
internal static class CatalogueVariablesCommand
{
    public static Command Create()
    {
        var command = new ToolCommand(
            "variables",
            "Lists every variable that an approval can name, in column order.",
            ["delivery catalogue variables", "delivery catalogue variables --json"]);
        var connection = new ConnectionOptions(command, "stil-approvals");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            var variables = await client.Catalogue.ListVariablesAsync(cancellation);
            terminal.AnswerTable(
                variables.Select(variable => new { variable.Code, variable.Unit, LabelDa = variable.Label.Danish, LabelEn = variable.Label.English }),
                ["variable", "unit", "da", "en"],
                variables.Select(variable => (IReadOnlyList<string>)[variable.Code, variable.Unit, variable.Label.Danish, variable.Label.English]));
            return ExitCode.Done;
        });
    }
}
