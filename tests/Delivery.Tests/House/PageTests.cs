using System.Text.Json;
using System.Text.RegularExpressions;

namespace Delivery.Tests.House;

/// <summary>Holds the pages of docs/ to the program they describe.</summary>
public partial class PageTests
{
    [Fact]
    public void Every_dependency_has_its_reason_in_a_decision()
    {
        var decisions = string.Join('\n', Repository.Pages.Where(page => page.Path.StartsWith("docs/decisions/", StringComparison.Ordinal)).Select(page => page.Text));
        var packages = Repository.Xml("Directory.Packages.props").Descendants("PackageVersion").Select(element => element.Attribute("Include")!.Value)
            .Concat(Repository.Files.Where(file => file.Path.EndsWith("/package.json", StringComparison.Ordinal)).SelectMany(NodePackages));

        Assert.DoesNotContain(packages, package => !decisions.Contains($"`{package}`", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_link_between_pages_leads_somewhere() => Assert.Empty(
        from page in Repository.Pages
        from Match link in Link().Matches(page.Text)
        let target = link.Groups[1].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
        let place = Path.Combine(Repository.Root, Path.GetDirectoryName(page.Path)!, target)
        where !File.Exists(place) && !Directory.Exists(place)
        select $"{page}: {target}");

    [Fact]
    public void Every_page_the_code_points_at_exists() => Assert.Empty(
        from file in Repository.Files
        where file.Path.StartsWith("src/", StringComparison.Ordinal) || file.Path.StartsWith("protos/", StringComparison.Ordinal)
        from Match page in PageName().Matches(file.Text)
        where !File.Exists(Path.Combine(Repository.Root, page.Value))
        select $"{file}: {page.Value}");

    private static IEnumerable<string> NodePackages(RepositoryFile file)
    {
        using var package = JsonDocument.Parse(file.Text);
        return [.. package.RootElement.EnumerateObject()
            .Where(member => member.Name.EndsWith("ependencies", StringComparison.Ordinal))
            .SelectMany(member => member.Value.EnumerateObject())
            .Select(entry => entry.Name)];
    }

    [GeneratedRegex("\\]\\(([^)\\s]+)\\)")]
    private static partial Regex Link();

    [GeneratedRegex("docs/[A-Za-z0-9_/-]+\\.md")]
    private static partial Regex PageName();
}
