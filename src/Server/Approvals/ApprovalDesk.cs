using System.Security.Cryptography;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Approvals;
using Delivery.Protocol.Log;
using Delivery.Server.Catalogue;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;
using Microsoft.EntityFrameworkCore;

namespace Delivery.Server.Approvals;

/// <summary>An approval that stands.</summary>
internal sealed record RegisteredApproval(ApprovalRow Row, bool IsNew);

/// <summary>The transaction around a push: rules, rows and leaf together.</summary>
internal sealed class ApprovalDesk(StoreWriter writer, LogAppender log, TimeProvider clock)
{
    /// <summary>Registers an approval, or refuses it with every rule it breaks. Repeating a push changes nothing.</summary>
    /// <param name="approval">What was read from <paramref name="document"/>.</param>
    /// <param name="document">The approval as pushed; kept as it is.</param>
    /// <param name="caller">Who pushes.</param>
    /// <param name="cancellation">Ends the wait for the writer.</param>
    public Task<RegisteredApproval> PushAsync(ProjectApproval approval, byte[] document, Caller caller, CancellationToken cancellation) =>
        writer.WriteAsync(
            scope =>
            {
                var digest = SHA256.HashData(document);
                if (Registered(scope.Db, approval) is { } known)
                {
                    return known.DocumentDigest.AsSpan().SequenceEqual(digest)
                        ? new RegisteredApproval(known, IsNew: false)
                        : throw RefusedException.By("E_VERSION_CONFLICT", $"version {known.Version}");
                }

                RefuseViolations(scope.Db, approval, caller);
                return new RegisteredApproval(Register(scope, approval, document, caller), IsNew: true);
            },
            cancellation);

    private static ApprovalRow? Registered(DeliveryDb db, ProjectApproval approval)
    {
        if (db.Set<ProjectRow>().AsNoTracking().FirstOrDefault(row => row.ProjectId == approval.ProjectId.Value) is null)
        {
            return approval.Version == 1 ? null : throw RefusedException.By("E_VERSION_CONFLICT", "a new project begins with version 1");
        }

        return db.Set<ApprovalRow>().AsNoTracking().FirstOrDefault(row => row.ProjectId == approval.ProjectId.Value && row.Version == approval.Version)
            ?? throw RefusedException.By("E_PROJECT_EXISTS");
    }

    /// <summary>Refuses an approval that breaks rules, naming all of them.</summary>
    public void RefuseViolations(DeliveryDb db, ProjectApproval approval, Caller caller)
    {
        var context = new ApprovalContext(
            DanishTime.DateOf(clock.GetUtcNow()), PublicationDesk.Calendar(db), caller.Has(Role.StilApprovals), SourceHolding(db, approval));
        var findings = ApprovalRules.Check(approval, context);
        if (findings.Count > 0)
        {
            throw new RefusedException([.. findings.Select(finding => new Refusal(finding.Rule.Reason, $"{finding.Field} {finding.Detail}".TrimEnd()))]);
        }
    }

    /// <summary>The open holding an approval's transfer names, with what it contains; null if there is none.</summary>
    public static SourceHolding? SourceHolding(DeliveryDb db, ProjectApproval approval)
    {
        if (approval.Transfer is not { } transfer
            || db.Set<HoldingRow>().AsNoTracking().FirstOrDefault(row => row.HoldingId == transfer.SourceHolding.Value && row.State == HoldingState.Open) is not { } holding
            || ApprovedProject.Find(db, holding.ProjectId) is not { } source)
        {
            return null;
        }

        return new SourceHolding(transfer.SourceHolding, new ProjectId(holding.ProjectId), new Cvr(source.Row.ControllerCvr), HoldingContent.Of(db, holding));
    }

    /// <summary>Appends the leaf of a version and makes its row, not yet added.</summary>
    public (ApprovalRow Row, long LogIndex) AppendLeaf(WriteScope scope, LeafType type, ProjectApproval approval, byte[] document, Caller caller)
    {
        var scopeDigest = ScopeDigest.Of(approval.Scope);
        // A scope of few institutions could be guessed from its digest, and a document from its own: both stand in the log salted.
        var salt = RandomNumberGenerator.GetBytes(32);
        var facts = new ApprovalFacts(
            approval.Version, LogHash.Of([.. salt, .. scopeDigest]), approval.Period!.From, approval.Period.To, LogHash.Of([.. salt, .. document]));
        var leaf = log.Append(scope, type == LeafType.ApprovalAmended
            ? LeafDraft.ApprovalAmended(caller.Actor, approval.ProjectId.Value, facts)
            : LeafDraft.ApprovalPushed(caller.Actor, approval.ProjectId.Value, facts));
        var row = new ApprovalRow
        {
            ProjectId = approval.ProjectId.Value,
            Version = approval.Version,
            Document = document,
            DocumentDigest = SHA256.HashData(document),
            ScopeDigest = scopeDigest,
            CommitmentSalt = salt,
            LogIndex = leaf.Index,
        };
        return (row, leaf.Index);
    }

    private ApprovalRow Register(WriteScope scope, ProjectApproval approval, byte[] document, Caller caller)
    {
        var (row, _) = AppendLeaf(scope, LeafType.ApprovalPushed, approval, document, caller);
        scope.Db.Add(row);
        scope.Db.Add(new ProjectRow
        {
            ProjectId = approval.ProjectId.Value,
            Version = approval.Version,
            State = ProjectState.Approved,
            ControllerCvr = approval.Controller!.Cvr.Value,
            DeletionDue = IsoDay.Text(approval.DeletionDue!.Value),
        });
        scope.Db.SaveChanges();
        return row;
    }
}
