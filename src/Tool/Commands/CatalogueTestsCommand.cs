using System.CommandLine;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery catalogue tests</c>: the tests there are.</summary>
internal static class CatalogueTestsCommand
{
    public static Command Create()
    {
        var command = new ToolCommand(
            "tests",
            "Lists every obligatory test with its school years.",
            ["delivery catalogue tests", "delivery catalogue tests --json"]);
        var connection = new ConnectionOptions(command, "stil-approvals");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            var tests = await client.Catalogue.ListTestsAsync(cancellation);
            terminal.AnswerTable(
                tests.Select(test => new
                {
                    test.TestCode,
                    Programme = test.Programme.ToString(),
                    test.Grade,
                    FirstSchoolYear = test.FirstSchoolYear.ToString(),
                    LastSchoolYear = test.LastSchoolYear.ToString(),
                    LabelDa = test.Label.Danish,
                    LabelEn = test.Label.English,
                }),
                ["test", "first year", "last year", "da", "en"],
                tests.Select(test => (IReadOnlyList<string>)
                    [test.TestCode, test.FirstSchoolYear.ShortText, test.LastSchoolYear.ShortText, test.Label.Danish, test.Label.English]));
            return ExitCode.Done;
        });
    }
}
