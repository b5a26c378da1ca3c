using Delivery.Server.Approvals;

namespace Delivery.Tests.Rules;

/// <summary>Writes docs/lifecycle.md from <see cref="LifeCycle"/> and <see cref="LifeCycleRules"/>.</summary>
internal static class LifeCyclePage
{
    public static string Render() => string.Join('\n',
    [
        "# The life of a project / Et projekts liv",
        "",
        "This page is written from `src/Server/Approvals/LifeCycle.cs` and `LifeCycleRules.cs` by a test. A step that is not here does not happen: the server refuses the act with E_STATE.",
        "",
        "## States",
        "",
        "| state | dansk | English | |",
        "|---|---|---|---|",
        .. Enum.GetValues<ProjectState>().Select(State),
        "",
        "Each completed delivery and each reuse leaves a holding (databeholdning) of its own: OPEN, then DELETED, DESTROYED or ARCHIVED. A project closes only when none is open; if one of them is in an archive it closes as CLOSED_ARCHIVED.",
        "",
        "## Diagram",
        "",
        "```mermaid",
        "stateDiagram-v2",
        $"    [*] --> {ProjectState.Approved.WireName()}: T1",
        .. LifeCycle.Steps.GroupBy(step => (step.From, step.To))
            .Select(steps => $"    {steps.Key.From.WireName()} --> {steps.Key.To.WireName()}: {string.Join(", ", steps.Select(step => step.Code).Distinct())}"),
        .. LifeCycle.Closed.Select(state => $"    {state.WireName()} --> [*]"),
        "```",
        "",
        "## Steps",
        "",
        "| code | from → to | what happens | who | what must hold |",
        "|---|---|---|---|---|",
        .. LifeCycleRules.All.Select(rule =>
            $"| {rule.Code} | {Moves(rule.Code)} | {Words(rule.Trigger)} | {Words(rule.Who)} | {Words(rule.Guard)} |"),
        "",
    ]);

    /// <summary>From where to where a code's steps lead, for example <c>APPROVED, DELIVERED → DELIVERING</c>.</summary>
    public static string Moves(string code) => code switch
    {
        "T1" => $"– → {ProjectState.Approved.WireName()}",
        _ when LifeCycle.Steps.Where(step => step.Code == code).ToList() is { Count: > 0 } steps => string.Join("<br>", steps.GroupBy(step => step.To)
            .Select(group => $"{string.Join(", ", group.Select(step => step.From).Distinct().Select(state => state.WireName()))} → {group.Key.WireName()}")),
        _ => "–",
    };

    public static string Words(Protocol.Domain.Bilingual text) => $"{text.Danish}<br>{text.English}";

    private static string State(ProjectState state) =>
        $"| {state.WireName()} | {state.Title().Danish} | {state.Title().English} | {(LifeCycle.Closed.Contains(state) ? "final" : LifeCycle.IsActive(state) ? "extracts may be streamed" : "")} |";
}
