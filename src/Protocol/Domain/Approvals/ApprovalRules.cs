namespace Delivery.Protocol.Domain.Approvals;

/// <summary>
/// The conditions for disclosing test results, A01 to A28, as one table. Source: the guidelines for research use of the
/// national tests, the section named on each rule. The table is immutable and any thread may use it.
/// </summary>
public static class ApprovalRules
{
    /// <summary>Every rule, A01 to A28.</summary>
    public static IReadOnlyList<ApprovalRule> All { get; } =
    [
        .. OriginRules.All.Concat(PurposeRules.All).Concat(PartyRules.All).Concat(ApplicantRules.All)
            .Concat(RecipientRules.All).Concat(ScopeRules.All).Concat(EndingRules.All)
            .OrderBy(rule => rule.Code, StringComparer.Ordinal),
    ];

    /// <summary>
    /// Every violation, in rule order; empty when the approval stands. All rules of the moment are asked, so that an
    /// applicant hears everything at once.
    /// </summary>
    public static IReadOnlyList<ApprovalFinding> Check(
        ProjectApproval approval, ApprovalContext context, ApprovalMoment moment = ApprovalMoment.Push)
    {
        ArgumentNullException.ThrowIfNull(approval);
        ArgumentNullException.ThrowIfNull(context);
        return
        [
            .. from rule in All
               where rule.Moment == moment
               from violation in rule.Check(approval, context)
               select new ApprovalFinding(rule, violation.Field, violation.Detail),
        ];
    }

    internal static ApprovalRule Rule(
        string code,
        RefusalStatus status,
        string section,
        Bilingual message,
        Bilingual remedy,
        Func<ProjectApproval, ApprovalContext, IEnumerable<(string Field, string Detail)>> check,
        ApprovalMoment moment = ApprovalMoment.Push) =>
        new(new ReasonCode(code, Severity.Error, status, message, remedy, section), moment, check);

    /// <summary>Turns plain conditions into violations: each pair whose condition is true is broken.</summary>
    internal static IEnumerable<(string Field, string Detail)> Broken(params IEnumerable<(bool IsBroken, string Field)> conditions) =>
        conditions.Where(condition => condition.IsBroken).Select(condition => (condition.Field, ""));

    /// <summary>The Danish date of approval; the last day there is when none is given, which A01 reports by itself.</summary>
    internal static DateOnly ApprovedOn(ProjectApproval approval) =>
        approval.ApprovedAt is { } instant ? DanishTime.DateOf(instant) : DateOnly.MaxValue;
}
