using static Delivery.Protocol.Domain.Approvals.ApprovalRules;

namespace Delivery.Protocol.Domain.Approvals;

/// <summary>Who registers an approval, and for what: A01 and A18.</summary>
internal static class OriginRules
{
    internal static IReadOnlyList<ApprovalRule> All { get; } =
    [
        Rule("A01", RefusalStatus.PermissionDenied, "2.3, 5",
            new("Kun STIL kan registrere godkendelser", "Only STIL may register approvals"),
            new("Send godkendelsen fra STIL's sagssystem med sagsnummer og godkendelsestidspunkt", "Send the approval from STIL's case system with case number and time of approval"),
            (approval, context) => Broken(
                (!context.PushedByStil, "caller"),
                (string.IsNullOrWhiteSpace(approval.StilCaseNumber), "stil_case_number"),
                (approval.ApprovedAt is null || ApprovedOn(approval) > context.Today, "approved_at"))),
        Rule("A18", RefusalStatus.InvalidArgument, "4",
            new("Der skal ansøges for hvert projekt", "One application per project"),
            new("Opret en godkendelse for hvert projekt med sit eget projekt-id", "Register one approval per project, each with its own project id"),
            (approval, _) => Broken(
                (!approval.ProjectId.IsValid, "project_id"),
                (approval.Version < 1, "version"),
                (approval.OtherProjects.Count > 0, "other_projects"))),
    ];
}
