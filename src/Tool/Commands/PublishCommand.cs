using System.CommandLine;
using Delivery.Protocol.Domain;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery publish</c>: STIL records that national results are public.</summary>
internal static class PublishCommand
{
    public static Command Create()
    {
        var programme = new Argument<string>("PROGRAMME") { Description = "nt or fno." };
        programme.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, "nt", "fno");
        var year = new Argument<string>("YEAR") { Description = "The school year, for example 2024/25, or the calendar year it began in." };
        year.Validators.Add(result =>
        {
            if (!Values.TrySchoolYear(result.GetValue(year), out _))
            {
                result.AddError("YEAR is a school year such as 2024/25, or the calendar year it began in");
            }
        });
        var on = Values.Day("--on", "The day the results were published; today or earlier.", required: true);
        var source = new Option<string>("--source") { Description = "Where the day is known from.", HelpName = "TEXT", Required = true };
        var command = new ToolCommand(
            "publish",
            "Records that the national results of a school year are published. The transition test of that year can be delivered at once.",
            ["delivery publish fno 2024/25 --on 2025-11-20 --source uddannelsesstatistik.dk"])
        {
            programme, year, on, source,
        };
        var connection = new ConnectionOptions(command, "stil-approvals");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            _ = Values.TrySchoolYear(parse.GetRequiredValue(year), out var schoolYear);
            using var client = connection.Read(parse).Open();
            var recorded = await client.Catalogue.PublishNationalResultsAsync(
                Values.Programme(parse.GetRequiredValue(programme)), schoolYear, parse.GetRequiredValue(on)!.Value, parse.GetRequiredValue(source), cancellation);
            terminal.Say($"Recorded: {recorded.Publication.Programme.Code()} {recorded.Publication.SchoolYear.ShortText}; leaf {recorded.LogIndex} in the transfer log.");
            terminal.Answer(new { Publication = CataloguePublicationsCommand.Document(recorded.Publication), recorded.LogIndex });
            return ExitCode.Done;
        });
    }
}
