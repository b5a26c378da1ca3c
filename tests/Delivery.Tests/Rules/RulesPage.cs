using Delivery.Protocol.Domain;
using Delivery.Server.Approvals;
using static Delivery.Tests.Rules.LifeCyclePage;

namespace Delivery.Tests.Rules;

/// <summary>Writes docs/rules.md: every code with its words, where it comes from, and the tests that would go red without it.</summary>
internal static class RulesPage
{
    private const string Columns = "| code | rule | remedy | status | source | proof |";
    private const string Line = "|---|---|---|---|---|---|";

    /// <summary>The codes that must have a proof.</summary>
    public static IReadOnlyList<string> Rules { get; } =
    [
        .. Numbered("A", 28), .. Numbered("R", 6), .. LifeCycleRules.All.Select(rule => rule.Code), .. ComparabilityRules.All.Select(rule => rule.Code),
    ];

    public static string Render() => string.Join('\n',
    [
        "# Rules / Regler",
        "",
        "This page is written from the program's own tables by a test, so it says what the server does. A source such as 2.3.1 is a section of the guidelines",
        "(Retningslinjer for brug af data fra de nationale test og Folkeskolens Nationale Overgangstest); `domain 3` is a section of the specification,",
        "`public notice` something the ministry announced, `house` a decision of this product. A proof is a test that goes red when the rule is broken;",
        "a rule without one fails the build's tests.",
        "",
        "## Approvals / Godkendelser",
        "",
        "Asked when STIL pushes or amends an approval; A26 when an extract is about to leave. All violations are told at once.",
        "",
        .. Reasons(reason => reason.Code[0] == 'A' && char.IsAsciiDigit(reason.Code[1])),
        "## Run time / Under levering",
        "",
        "Asked when a stream opens and again before each window of batches.",
        "",
        .. Reasons(reason => reason.Code[0] == 'R' && char.IsAsciiDigit(reason.Code[1])),
        "## Life cycle / Livscyklus",
        "",
        "The diagram is in [lifecycle.md](lifecycle.md).",
        "",
        "| code | step | from → to | who | what must hold | source | proof |",
        "|---|---|---|---|---|---|---|",
        .. LifeCycleRules.All.Select(rule => $"| {rule.Code} | {Words(rule.Trigger)} | {Moves(rule.Code)} | {Words(rule.Who)} | {Words(rule.Guard)} | {rule.Section} | {ProofsOf(rule.Code)} |"),
        "",
        "## Comparability / Sammenlignelighed",
        "",
        "Warnings travel with the data. One that must be acknowledged is part of the approval (A28).",
        "",
        "| code | warning | must be acknowledged | source | proof |",
        "|---|---|---|---|---|",
        .. ComparabilityRules.All.Select(rule => $"| {rule.Code} | {Words(rule.Text)} | {(rule.MustBeAcknowledged ? "yes" : "no")} | {rule.Section} | {ProofsOf(rule.Code)} |"),
        "",
        "## Other codes / Andre koder",
        "",
        "Refusals of calls, files and confirmations, and findings about rows.",
        "",
        .. Reasons(reason => !Rules.Contains(reason.Code)),
    ]);

    private static IEnumerable<string> Numbered(string letter, int last) =>
        ReasonCatalogue.All.Select(reason => reason.Code).Where(code => code.StartsWith(letter, StringComparison.Ordinal) && code.Length == 3 && code[1..].All(char.IsAsciiDigit)).Take(last);

    private static IEnumerable<string> Reasons(Func<ReasonCode, bool> isMeant) =>
    [
        Columns,
        Line,
        .. ReasonCatalogue.All.Where(isMeant).Select(reason =>
            $"| {reason.Code} | {Words(reason.Message)} | {Words(reason.Remedy)} | {Status(reason)} | {reason.Section} | {ProofsOf(reason.Code)} |"),
        "",
    ];

    private static string Status(ReasonCode reason) => reason.Status == RefusalStatus.None ? reason.Severity.ToString() : reason.Status.ToString();

    private static string ProofsOf(string code) => string.Join("<br>", Proofs.Of(code).Select(proof => $"[{Sentence(proof.Test)}](../{proof.File})"));

    private static string Sentence(string test) => test[(test.IndexOf('.', StringComparison.Ordinal) + 1)..].Replace('_', ' ');
}
