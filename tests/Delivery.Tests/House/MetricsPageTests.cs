using System.Text.RegularExpressions;

namespace Delivery.Tests.House;

/// <summary>Holds the table of metrics in docs/operations.md to the instruments the server creates.</summary>
public partial class MetricsPageTests
{
    [Fact]
    public void Every_metric_is_on_the_page_with_its_unit_and_no_other()
    {
        var created = Repository.Code.Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal))
            .SelectMany(file => Created().Matches(file.Text))
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value))
            .ToList();
        var documented = Row().Matches(Repository.Read("docs/operations.md")).Select(match => (match.Groups[1].Value, match.Groups[2].Value)).ToList();

        Assert.True(created.Count >= 20, "too few instruments were found for the search to be believed");
        Assert.Equal(created.Order(), documented.Order());
    }

    [Fact]
    public void Every_metric_to_alert_on_is_one_that_exists()
    {
        var page = Repository.Read("docs/operations.md");
        var known = Row().Matches(page).Select(match => match.Groups[1].Value).ToHashSet();
        var alerts = page[page.IndexOf("### What to alert on", StringComparison.Ordinal)..page.IndexOf("## Files to guard", StringComparison.Ordinal)];

        Assert.DoesNotContain(Named().Matches(alerts).Select(match => match.Groups[1].Value), name => !known.Contains(name));
    }

    // The name, perhaps where the value comes from, the unit, and the beginning of the description.
    [GeneratedRegex("Create[A-Za-z]+(?:<[a-z]+>)?\\(\\s*\"([a-z][a-z_.]+)\",(?:[^\"\\n]*,)? \"([^\"]+)\", \"")]
    private static partial Regex Created();

    [GeneratedRegex("^\\| `([a-z]+[.][a-z_.]+)` \\| `([^`]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`(delivery[.][a-z_.]+|rpc[.][a-z_.]+)")]
    private static partial Regex Named();
}
