using static Delivery.Protocol.Domain.Approvals.ApprovalRules;

namespace Delivery.Protocol.Domain.Approvals;

/// <summary>Cost, period, deletion and reuse: A20, A21, A23.</summary>
internal static class EndingRules
{
    internal static IReadOnlyList<ApprovalRule> All { get; } =
    [
        Rule("A20", RefusalStatus.FailedPrecondition, "5",
            new("Ansøger er ikke oplyst om udgiften", "Applicant not told of the cost"),
            new("Oplys ansøger om udgiften før afgørelsen og få den accepteret", "Tell the applicant of the cost before the decision and have it accepted"),
            (approval, _) => Agreed(approval)),
        Rule("A21", RefusalStatus.InvalidArgument, "4",
            new("Periode eller slettefrist mangler", "Period or deletion deadline missing"),
            new("Angiv periode, en slettefrist der ikke ligger før periodens slutning, og om data slettes, tilintetgøres eller arkiveres", "Give a period, a deletion deadline not before its end, and whether data are deleted, destroyed or archived"),
            (approval, _) => Broken(
                (approval.Period is null || approval.Period.To < approval.Period.From, "period"),
                (approval.DeletionDue is null || approval.DeletionDue < approval.Period?.To, "deletion_due"),
                (approval.EndDisposition == EndDisposition.Unspecified, "end_disposition"))),
        Rule("A23", RefusalStatus.FailedPrecondition, "4",
            new("Overførsel kræver samme institution og tilpasset datasæt", "Transfer needs the same institution and an adapted dataset"),
            new("Overfør kun fra en åben databeholdning hos samme dataansvarlige, med et snævrere indhold, udført af Danmarks Statistik", "Transfer only from an open holding of the same controller, with narrower content, executed by Statistics Denmark"),
            (approval, context) => approval.Transfer is { } transfer ? Transferable(approval, transfer, context.SourceHolding) : []),
    ];

    private static IEnumerable<(string Field, string Detail)> Agreed(ProjectApproval approval)
    {
        var cost = approval.Cost;
        if (cost.AmountDkk == 0)
        {
            return [];
        }

        return Broken(
            (cost.AmountDkk < 0, "cost.amount_dkk"),
            (cost.InformedOn is null || cost.InformedOn > ApprovedOn(approval), "cost.informed_on"),
            (!cost.Accepted, "cost.accepted"));
    }

    private static IEnumerable<(string Field, string Detail)> Transferable(ProjectApproval approval, Transfer transfer, SourceHolding? source)
    {
        if (source is null || source.Holding != transfer.SourceHolding || source.Project != transfer.SourceProject)
        {
            return [("transfer.source_holding", "")];
        }

        // Adapted means narrower: the same content under another project would need no adaptation at all.
        var adapted = approval.Scope.IsWithin(source.Scope) && !source.Scope.IsWithin(approval.Scope);
        return Broken(
            (transfer.SourceProject == approval.ProjectId, "transfer.source_project"),
            (approval.Controller?.Cvr != source.ControllerCvr, "controller.cvr"),
            (!adapted, "scope"),
            (!transfer.ExecutedByDst, "transfer.executed_by_dst"));
    }
}
