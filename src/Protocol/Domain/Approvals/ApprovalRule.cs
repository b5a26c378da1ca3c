namespace Delivery.Protocol.Domain.Approvals;

/// <summary>When a rule is asked.</summary>
public enum ApprovalMoment
{
    /// <summary>When STIL pushes or amends an approval: every rule but A26.</summary>
    Push = 0,

    /// <summary>When an extract is about to be delivered: A26, since national results may be published after the approval.</summary>
    Delivery = 1,
}

/// <summary>What the rules need to know beside the approval.</summary>
/// <param name="Today">The day of asking, Danish time.</param>
/// <param name="Publications">Which FNO years are public.</param>
/// <param name="PushedByStil">True when the caller's certificate is STIL's.</param>
/// <param name="SourceHolding">The holding <see cref="Transfer.SourceHolding"/> names, or null when there is no such open holding.</param>
public sealed record ApprovalContext(DateOnly Today, PublicationCalendar Publications, bool PushedByStil, SourceHolding? SourceHolding = null);

/// <summary>One violation: the rule, the fact it is about, and what can be said about it without naming people or institutions.</summary>
/// <param name="Rule">The rule broken.</param>
/// <param name="Field">Path of the fact, snake case, for example <c>controller.cvr</c>.</param>
/// <param name="Detail">Codes of tests, variables or warnings concerned; empty when the field says it all.</param>
public sealed record ApprovalFinding(ApprovalRule Rule, string Field, string Detail)
{
    /// <summary>The rule's code, A01 to A28.</summary>
    public string Code => Rule.Code;

    /// <summary>The canonical status of the refusal.</summary>
    public RefusalStatus Status => Rule.Reason.Status;
}

/// <summary>One rule of approval: its words, and a pure check.</summary>
/// <param name="Reason">Code, status, message, remedy and guideline section.</param>
/// <param name="Moment">When it is asked.</param>
/// <param name="Check">Yields field and detail of every violation; nothing when the rule is kept.</param>
public sealed record ApprovalRule(
    ReasonCode Reason,
    ApprovalMoment Moment,
    Func<ProjectApproval, ApprovalContext, IEnumerable<(string Field, string Detail)>> Check)
{
    /// <summary>A01 to A28.</summary>
    public string Code => Reason.Code;
}
