using Delivery.Protocol.Log;

namespace Delivery.Server.Approvals;

/// <summary>The leaf of a step that concerns a whole approval.</summary>
internal static class ProjectLeaf
{
    public static LeafDraft Of(LeafType type, LeafActor actor, ApprovedProject project, LogHash documentsCommitment)
    {
        var facts = new ApprovalFacts(
            project.Row.Version,
            LogHash.Of([.. project.InForce.CommitmentSalt, .. project.InForce.ScopeDigest]),
            project.Approval.Period!.From,
            project.Approval.Period.To,
            documentsCommitment);
        var id = project.Row.ProjectId;
        return type switch
        {
            LeafType.ApprovalSuspended => LeafDraft.ApprovalSuspended(actor, id, facts),
            LeafType.ApprovalResumed => LeafDraft.ApprovalResumed(actor, id, facts),
            LeafType.ApprovalWithdrawn => LeafDraft.ApprovalWithdrawn(actor, id, facts),
            LeafType.ApprovalExpired => LeafDraft.ApprovalExpired(actor, id, facts),
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a step of a whole approval."),
        };
    }
}
