using System.CommandLine;
using System.Globalization;
using Delivery.Client.Documentation;
using Delivery.Protocol.Domain;
using Delivery.Tool.Charts;
using Delivery.Tool.CommandLine;

namespace Delivery.Tool.Commands;

/// <summary><c>delivery figures</c>: national figures of published years.</summary>
internal static class FiguresCommand
{
    private static readonly string[] SubjectCodes = [.. Subjects.All.Select(subject => subject.Code())];

    public static Command Create()
    {
        var programmes = new Option<string[]>("--programme") { Description = "nt or fno; may be given several times. Default: both." };
        programmes.AcceptOnlyFromAmong("nt", "fno");
        var subjects = new Option<string[]>("--subject") { Description = "A subject; may be given several times. Default: all.", HelpName = "CODE" };
        subjects.AcceptOnlyFromAmong(SubjectCodes);
        var grades = new Option<int[]>("--grade") { Description = "A grade; may be given several times. Default: all.", HelpName = "N" };
        var years = Values.SchoolYears("--year", "A school year, for example 2014/15; may be given several times. Default: all that are published.", required: false);
        var charts = new Option<string?>("--svg") { Description = "Folder for one chart a test; made if it is not there.", HelpName = "DIR" };
        var command = new ToolCommand(
            "figures",
            "Counts results of obligatory tests over the whole country, by test and school year, for years whose national results are public. There is nothing below the whole country, and counts of fewer than five pupils are withheld.",
            ["delivery figures --programme nt --subject DAN", "delivery figures --programme fno --year 2023/24 --json", "delivery figures --svg charts"])
        {
            programmes, subjects, grades, years, charts,
        };
        var connection = new ConnectionOptions(command, "stil-approvals");
        return command.Runs(async (parse, terminal, cancellation) =>
        {
            using var client = connection.Read(parse).Open();
            var figures = await client.Documentation.GetNationalFiguresAsync(
                new FigureQuery
                {
                    Programmes = [.. (parse.GetValue(programmes) ?? []).Select(Values.Programme)],
                    Subjects = [.. (parse.GetValue(subjects) ?? []).Select(Values.Subject)],
                    Grades = parse.GetValue(grades) ?? [],
                    SchoolYears = Values.SchoolYears(parse.GetValue(years)),
                },
                cancellation);
            var files = parse.GetValue(charts) is { } folder ? Draw(figures, folder) : [];
            terminal.AnswerTable(
                new { Figures = figures.Select(Document), Charts = files },
                ["test", "school year", "tested", "with a result", "without", "distribution"],
                figures.Select(figure => (IReadOnlyList<string>)
                [
                    figure.Partition.TestCode.ToString(),
                    figure.Partition.SchoolYear.ShortText,
                    Text(figure.Tested),
                    Text(figure.Results),
                    Text(figure.Missing),
                    figure.Cells.Count == 0 ? "withheld" : string.Join("  ", figure.Cells.Select(Text)),
                ]));
            foreach (var file in files)
            {
                terminal.Say($"Drew {file}.");
            }

            return ExitCode.Done;
        });
    }

    private static List<string> Draw(IReadOnlyList<NationalFigure> figures, string folder)
    {
        Directory.CreateDirectory(folder);
        var files = new List<string>();
        foreach (var test in figures.GroupBy(figure => figure.Partition.TestCode).OrderBy(test => test.Key))
        {
            var file = Path.GetFullPath(Path.Combine(folder, SeriesChart.NameOf(test.Key)));
            SeriesChart.Of(test.Key, [.. test.OrderBy(figure => figure.Partition.SchoolYear)]).Save(file);
            files.Add(file);
        }

        return files;
    }

    private static object Document(NationalFigure figure) => new
    {
        TestCode = figure.Partition.TestCode.ToString(),
        SchoolYear = figure.Partition.SchoolYear.ToString(),
        figure.Generation,
        figure.Variable,
        figure.Tested,
        figure.Results,
        figure.Missing,
        Cells = figure.Cells.Select(cell => new { cell.First, cell.Last, LabelDa = cell.Label.Danish, LabelEn = cell.Label.English, cell.Pupils, Share = Math.Round(cell.Share, 4) }),
    };

    private static string Text(long? count) => count is { } shown ? Quantity.Count(shown) : "withheld";

    private static string Text(NationalCell cell) => string.Create(
        CultureInfo.InvariantCulture, $"{(cell.First == cell.Last ? $"{cell.First}" : $"{cell.First}–{cell.Last}")}: {cell.Share * 100:0.0}%");
}
