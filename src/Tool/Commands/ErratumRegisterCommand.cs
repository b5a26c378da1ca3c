using System.CommandLine;
using Delivery.Client.Errata;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Errata;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery erratum register</c>: STIL registers a caveat or a fault.</summary>
internal static class ErratumRegisterCommand
{
    private static readonly string[] SubjectCodes = [.. Subjects.All.Select(subject => subject.Code())];

    private static readonly Dictionary<string, ErratumReach> Reaches = new(StringComparer.Ordinal)
    {
        ["every"] = ErratumReach.EveryGeneration,
        ["through-current"] = ErratumReach.ThroughCurrent,
        ["before-current"] = ErratumReach.BeforeCurrent,
    };

    public static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "STIL's own name for it: 1 to 64 letters, digits, full stops, underscores or hyphens." };
        var severity = new Option<string>("--severity") { Description = "caveat: the values are right, and something must be known; fault: values are wrong.", Required = true };
        severity.AcceptOnlyFromAmong("caveat", "fault");
        var programme = new Option<string>("--programme") { Description = "nt or fno.", Required = true };
        programme.AcceptOnlyFromAmong("nt", "fno");
        var subjects = new Option<string[]>("--subject") { Description = "A subject; may be given several times. Default: all.", HelpName = "CODE" };
        subjects.AcceptOnlyFromAmong(SubjectCodes);
        var grades = new Option<int[]>("--grade") { Description = "A grade; may be given several times. Default: all.", HelpName = "N" };
        var years = Values.SchoolYears("--year", "A school year, for example 2014/15; may be given several times.", required: true);
        var columns = new Option<string[]>("--column") { Description = "A column it is about; may be given several times. Default: the whole row.", HelpName = "NAME" };
        var reach = new Option<string>("--imports") { Description = "Which imports it is about: every, later ones too; through-current, so that a correction is free of it; or before-current, which has corrected it.", DefaultValueFactory = _ => "every" };
        reach.AcceptOnlyFromAmong([.. Reaches.Keys]);
        var danish = new Option<string>("--text-da") { Description = "What is to be known, in Danish. Goes to every recipient; names no person and no school.", HelpName = "TEXT", Required = true };
        var english = new Option<string>("--text-en") { Description = "The same in English.", HelpName = "TEXT", Required = true };
        var command = new ToolCommand(
            "register",
            "Registers a caveat or a fault in results. It travels with every delivery it concerns from then on, and is never changed.",
            ["delivery erratum register E-2026-01 --severity fault --programme nt --subject DAN --grade 2 --year 2014/15 --column criterion_level --imports through-current --text-da \"Niveauet er forkert beregnet\" --text-en \"The level was computed wrongly\""])
        {
            id, severity, programme, subjects, grades, years, columns, reach, danish, english,
        };
        var connection = new ConnectionOptions(command, "stil-approvals");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            var registered = await client.Errata.RegisterAsync(
                new NewErratum(
                    parse.GetRequiredValue(id),
                    parse.GetRequiredValue(severity) == "fault" ? ErratumSeverity.Fault : ErratumSeverity.Caveat,
                    Values.Programme(parse.GetRequiredValue(programme)),
                    Values.SchoolYears(parse.GetRequiredValue(years)),
                    new Bilingual(parse.GetRequiredValue(danish), parse.GetRequiredValue(english)))
                {
                    Subjects = [.. (parse.GetValue(subjects) ?? []).Select(Values.Subject)],
                    Grades = parse.GetValue(grades) ?? [],
                    Columns = parse.GetValue(columns) ?? [],
                    Reach = Reaches[parse.GetRequiredValue(reach)],
                },
                cancellation);
            terminal.Say($"Registered for {ErratumTexts.Reach(registered.Erratum)}; leaf {registered.LogIndex} in the transfer log. 'delivery erratum affected {registered.Erratum.Id}' tells whom it concerns.");
            terminal.Answer(ErratumTexts.Document(registered), registered.Erratum.Id);
            return ExitCode.Done;
        });
    }
}
