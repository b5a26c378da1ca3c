using System.Text.RegularExpressions;

namespace Delivery.Tests.House;

public partial class SourceRulesTests
{
    private const int LinesMax = 300;

    [Fact]
    public void No_file_of_code_is_longer_than_300_lines() =>
        Assert.Empty(Repository.Code.Where(file => file.Lines.Count > LinesMax).Select(file => $"{file} has {file.Lines.Count}"));

    [Fact]
    public void No_warning_is_silenced_in_the_code() => Assert.Empty(Containing(Silencing()));

    [Fact]
    public void Nothing_is_left_for_later() => Assert.Empty(Containing(LeftOver()));

    [Fact]
    public void Nobody_reads_the_clock_past_the_time_provider() => Assert.Empty(Containing(Clock()));

    [Fact]
    public void No_folder_is_a_drawer_for_everything()
    {
        string[] drawers = ["Common", "Utils", "Helpers", "Core", "Models"];
        Assert.Empty(Repository.Code.SelectMany(file => file.Path.Split('/').SkipLast(1)).Distinct().Intersect(drawers));
    }

    [Fact]
    public void Files_of_text_end_in_one_line_feed_and_have_no_carriage_return() => Assert.Empty(Repository.Files
        .Where(file => !file.Path.EndsWith(".sln", StringComparison.Ordinal) && file.Text.Length > 0)
        .Where(file => file.Text.Contains('\r') || !file.Text.EndsWith('\n') || file.Text.EndsWith("\n\n", StringComparison.Ordinal))
        .Select(file => file.Path));

    private static IEnumerable<string> Containing(Regex wrong) => Repository.Code
        .SelectMany(file => file.Lines.Select((line, index) => (file, line, number: index + 1)))
        .Where(found => wrong.IsMatch(found.line))
        .Select(found => $"{found.file}:{found.number}");

    // The brackets keep these patterns from finding themselves.
    [GeneratedRegex("^\\s*[#]pragma|[S]uppressMessage")]
    private static partial Regex Silencing();

    [GeneratedRegex("\\b(TO[D]O|FIX[M]E|HA[C]K|XX[X])\\b")]
    private static partial Regex LeftOver();

    [GeneratedRegex("\\bDateTime(Offset)?[.](UtcNow|Now|Today)\\b|\\bGuid[.]NewGuid\\b")]
    private static partial Regex Clock();
}
