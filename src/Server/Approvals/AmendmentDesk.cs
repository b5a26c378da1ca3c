using System.Globalization;
using System.Security.Cryptography;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Approvals;
using Delivery.Protocol.Log;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Delivery.Server.Approvals;

/// <summary>An amendment that stands.</summary>
/// <param name="PartDeletions">Holdings that contain what is no longer approved.</param>
internal sealed record RegisteredAmendment(ApprovalRow Row, bool IsNew, bool IsWidened, IReadOnlyList<string> PartDeletions);

/// <summary>
/// The transaction around an amendment (T5): the next version replaces the one in force. A wider scope needs a newer signature; a narrower one
/// leaves the duty to delete the difference from what was delivered.
/// </summary>
internal sealed class AmendmentDesk(StoreWriter writer, ApprovalDesk approvals)
{
    public Task<RegisteredAmendment> AmendAsync(ProjectApproval approval, byte[] document, Caller caller, CancellationToken cancellation) =>
        writer.WriteAsync(scope => Amend(scope, approval, document, caller), cancellation);

    private RegisteredAmendment Amend(WriteScope scope, ProjectApproval approval, byte[] document, Caller caller)
    {
        var project = ApprovedProject.Find(scope.Db, approval.ProjectId.Value) ?? throw RefusedException.By("R01");
        var digest = SHA256.HashData(document);
        var registered = scope.Db.Set<ApprovalRow>().AsNoTracking().FirstOrDefault(row => row.ProjectId == approval.ProjectId.Value && row.Version == approval.Version);
        if (registered is not null || approval.Version != project.Row.Version + 1)
        {
            return registered is not null && registered.DocumentDigest.AsSpan().SequenceEqual(digest)
                ? new RegisteredAmendment(registered, IsNew: false, IsWidened: false, [])
                : throw RefusedException.By("E_VERSION_CONFLICT", string.Create(CultureInfo.InvariantCulture, $"version {project.Row.Version} is in force"));
        }

        approvals.RefuseViolations(scope.Db, approval, caller);
        var isWidened = AmendmentRule.IsWidened(project.Approval, approval);
        if (AmendmentRule.Refusal(project.Approval, approval) is { } code)
        {
            throw RefusedException.By(code);
        }

        project.Move(ProjectEvent.Amended);
        var leaf = approvals.AppendLeaf(scope, LeafType.ApprovalAmended, approval, document, caller);
        scope.Db.Add(leaf.Row);
        project.Row.Version = approval.Version;
        project.Row.DeletionDue = IsoDay.Text(approval.DeletionDue!.Value);
        var duties = LeaveDuties(scope.Db, project, approval);
        scope.Db.SaveChanges();
        AbandonEarlierExtracts(scope, project.Row);
        return new RegisteredAmendment(leaf.Row, IsNew: true, isWidened, duties);
    }

    // A holding contains the scope it was delivered under, which may be older than the version just replaced.
    private static List<string> LeaveDuties(DeliveryDb db, ApprovedProject project, ProjectApproval approval)
    {
        var duties = new List<string>();
        foreach (var holding in db.Set<HoldingRow>().Where(row => row.ProjectId == project.Row.ProjectId && row.State == HoldingState.Open).ToList())
        {
            holding.DeletionDue = project.Row.DeletionDue;
            if (!HoldingContent.Of(db, holding).IsWithin(approval.Scope))
            {
                holding.PartDeletionDue = true;
                duties.Add(holding.HoldingId);
            }
        }

        return duties;
    }

    // What was begun under the version before can neither be resumed nor acknowledged any more; unless it is complete and only its receipt is missing.
    private static void AbandonEarlierExtracts(WriteScope scope, ProjectRow project)
    {
        scope.Execute(
            "DELETE FROM generation_pin WHERE holder IN (SELECT extract_id FROM extract WHERE project_id = $1 AND approval_version < $2 AND state = 1)",
            project.ProjectId, project.Version);
        scope.Execute(
            "UPDATE extract SET state = 4 WHERE project_id = $1 AND approval_version < $2 AND state = 1",
            project.ProjectId, project.Version);
    }
}
