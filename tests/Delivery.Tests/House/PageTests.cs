using System.Text.Json;
using System.Text.RegularExpressions;
using Delivery.Protocol.Domain;
using Delivery.Server.Approvals;

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

    [Fact]
    public void The_page_on_the_life_of_a_project_is_the_table() => Repository.AssertRendered("docs/lifecycle.md", LifeCyclePage());

    [Fact]
    public void The_page_on_rules_is_the_catalogue() => Repository.AssertRendered("docs/rules.md", RulesPage());

    private static string LifeCyclePage()
    {
        var states = Enum.GetValues<ProjectState>();
        var steps = LifeCycle.Steps.Select(step => $"| {step.Code} | {step.From.WireName()} | {Words(step.On)} | {step.To.WireName()} |");
        return $"""
            # The life of a project

            Rendered from `LifeCycle.Steps` (src/Server/Approvals/LifeCycle.cs) by the tests. What is not in the table does not happen; the call is refused with `E_STATE`, a stream with `R06`. A project begins as APPROVED when its approval is pushed (T1).

            | code | from | when | to |
            |---|---|---|---|
            {string.Join('\n', steps)}

            Extracts are streamed in {string.Join(", ", states.Where(LifeCycle.IsActive).Select(state => state.WireName()))}. {string.Join(", ", LifeCycle.Closed.Select(state => state.WireName()))} are final; new work is a new project.

            """.ReplaceLineEndings("\n");
    }

    private static string Words(ProjectEvent happened) => happened switch
    {
        ProjectEvent.StreamOpened => "a stream opens",
        ProjectEvent.ReceiptMatched => "the recipient's receipt matches",
        ProjectEvent.StreamAbortedUndelivered => "the last open stream is cut, nothing was delivered before",
        ProjectEvent.StreamAbortedDelivered => "the last open stream is cut, an earlier delivery stands",
        ProjectEvent.Amended => "STIL pushes a new version",
        ProjectEvent.Suspended => "STIL suspends; open streams are cut",
        ProjectEvent.ResumedUndelivered => "STIL resumes, nothing was delivered before",
        ProjectEvent.ResumedDelivered => "STIL resumes, an earlier delivery stands",
        ProjectEvent.Withdrawn => "STIL withdraws; open streams are cut",
        ProjectEvent.PeriodEnded => "the approved period is over",
        ProjectEvent.DeadlinePassed => "the due date of an open holding has passed",
        ProjectEvent.LastHoldingDeleted => "the last open holding is confirmed deleted or destroyed",
        ProjectEvent.LastHoldingArchived => "the last open holding is confirmed, and one or more are in an archive",
        ProjectEvent.ClosedWithoutData => "the project ends with nothing delivered",
        ProjectEvent.ReuseRegistered => "the recipient carried an earlier delivery over",
    };

    private static string RulesPage()
    {
        var rows = ReasonCatalogue.All.Select(reason =>
            $"| `{reason.Code}` | {Status(reason)} | {reason.Message.Danish}<br>{reason.Message.English} | {reason.Remedy.Danish}<br>{reason.Remedy.English} |");
        return $"""
            # Rules and reason codes

            Rendered from `ReasonCatalogue` (src/Protocol/Domain) by the tests. `A` codes are rules of an approval, `R` codes are checked when data are about to leave, `E_`, `W_` and `I_` codes are errors, warnings and remarks about rows, files and calls. A code never changes its meaning. No text quotes a value.

            | code | status | what happened | what to do |
            |---|---|---|---|
            {string.Join('\n', rows)}

            """.ReplaceLineEndings("\n");
    }

    private static string Status(ReasonCode reason) => reason.Status == RefusalStatus.None ? $"row, {reason.Severity.ToString().ToLowerInvariant()}" : reason.Status.ToString();

    private static IEnumerable<string> NodePackages(RepositoryFile file)
    {
        using var package = JsonDocument.Parse(file.Text);
        return package.RootElement.TryGetProperty("dependencies", out var named) ? [.. named.EnumerateObject().Select(entry => entry.Name)] : [];
    }

    [GeneratedRegex("\\]\\(([^)\\s]+)\\)")]
    private static partial Regex Link();

    [GeneratedRegex("docs/[A-Za-z0-9_/-]+\\.md")]
    private static partial Regex PageName();
}
