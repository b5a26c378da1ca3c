using System.Security.Cryptography;
using System.Text;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Log;
using Delivery.Server.Approvals;
using Delivery.Server.Extracts;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Closure;

/// <summary>What an administrator confirms.</summary>
/// <param name="HoldingIds">The holdings; empty for all that are open.</param>
/// <param name="State">Deleted, destroyed or archived.</param>
/// <param name="EvidenceReference">Reference of the evidence, or of the archive's receipt.</param>
/// <param name="Archive">Name of the archive; empty unless archived.</param>
internal sealed record EndClaim(
    string ProjectId, IReadOnlyList<string> HoldingIds, HoldingState State, DateOnly EndedOn, string SignerName, string EvidenceReference, string Archive = "");

/// <summary>The transactions around confirmations: holdings, project, document and leaves together.</summary>
internal sealed class ClosureDesk(StoreWriter writer, LogAppender log, ConfirmationDocument documents, IOptions<IdentityOptions> identity, TimeProvider clock)
{
    private const int TextLengthMax = 200;
    private const string PartDeleted = "PART_DELETED";

    /// <summary>Confirms the end of holdings; the project closes when none is open any more. Repeating a confirmation answers as the first time.</summary>
    public Task<ConfirmationRow> ConfirmAsync(EndClaim claim, Caller caller, CancellationToken cancellation)
    {
        RequireText(claim.SignerName, "signer_name", isRequired: true);
        RequireText(claim.EvidenceReference, "evidence_reference", isRequired: claim.State == HoldingState.Archived);
        RequireText(claim.Archive, "archive", isRequired: claim.State == HoldingState.Archived);
        return writer.WriteAsync(scope => Confirm(scope, claim, caller), cancellation);
    }

    /// <summary>Confirms that what an amendment narrowed out is deleted from holdings, which stay open.</summary>
    public Task<ConfirmationRow> ConfirmPartAsync(EndClaim claim, Caller caller, CancellationToken cancellation)
    {
        RequireText(claim.SignerName, "signer_name", isRequired: true);
        return writer.WriteAsync(scope => ConfirmPart(scope, claim, caller), cancellation);
    }

    /// <summary>Closes a project to which nothing was delivered (T13).</summary>
    public Task<(ProjectRow Project, long LogIndex)> CloseWithoutDataAsync(string projectId, Caller caller, CancellationToken cancellation) =>
        writer.WriteAsync(
            scope =>
            {
                var project = ApprovedProject.Require(scope.Db, projectId, caller, identity.Value.StilCvr);
                if (scope.Db.Set<HoldingRow>().Any(holding => holding.ProjectId == projectId))
                {
                    throw RefusedException.By("E_HOLDINGS_OPEN");
                }

                if (AwaitsReceipt(scope.Db, projectId))
                {
                    throw RefusedException.By("E_HOLDINGS_OPEN", "an extract awaits its receipt");
                }

                project.Move(ProjectEvent.ClosedWithoutData);
                var leaf = log.Append(scope, LeafDraft.ProjectClosed(caller.Actor, projectId, project.Row.State.WireName()));
                scope.Db.SaveChanges();
                return (project.Row, leaf.Index);
            },
            cancellation);

    private ConfirmationRow Confirm(WriteScope scope, EndClaim claim, Caller caller)
    {
        var project = ApprovedProject.Require(scope.Db, claim.ProjectId, caller, identity.Value.StilCvr);
        var holdings = scope.Db.Set<HoldingRow>().Where(row => row.ProjectId == claim.ProjectId).OrderBy(row => row.HoldingId).ToList();
        var named = Named(holdings, claim.HoldingIds, row => row.State == HoldingState.Open);
        if (named.Count == 0)
        {
            return ConfirmationRecords.Repeated(scope.Db, holdings, claim, row => row.EndLogIndex, claim.State.WireName())
                ?? throw RefusedException.By("E_STATE", project.Row.State.WireName());
        }

        foreach (var holding in named)
        {
            End(holding, claim);
        }

        var leaf = log.Append(scope, Leaf(claim, named, caller));
        named.ForEach(row => row.EndLogIndex = leaf.Index);
        if (holdings.TrueForAll(row => row.State != HoldingState.Open) && !AwaitsReceipt(scope.Db, claim.ProjectId))
        {
            Close(scope, project, holdings, caller);
        }

        return Record(scope, project, named, claim, leaf, claim.State.WireName());
    }

    // The document is signed here, so that every later answer is the same one and no change of the holdings changes what it says.
    private ConfirmationRow Record(WriteScope scope, ApprovedProject project, List<HoldingRow> named, EndClaim claim, AppendedLeaf leaf, string method)
    {
        var (document, signature) = documents.Sign(project.Row, named, leaf);
        var row = new ConfirmationRow
        {
            LogIndex = leaf.Index,
            ProjectId = claim.ProjectId,
            Method = method,
            ConfirmedOn = IsoDay.Text(claim.EndedOn),
            SignerName = claim.SignerName,
            EvidenceReference = claim.EvidenceReference,
            Archive = claim.Archive,
            ProjectState = project.Row.State.WireName(),
            Document = document,
            Signature = signature,
        };
        scope.Db.Add(row);
        scope.Db.SaveChanges();
        return row;
    }

    // Until the receipt makes it a holding, nobody can say that nothing is left, however long ago it left.
    private static bool AwaitsReceipt(DeliveryDb db, string projectId) =>
        db.Set<ExtractRow>().AsNoTracking().Where(row => row.ProjectId == projectId).AsEnumerable().Any(row => row.AwaitsReceipt);

    private void Close(WriteScope scope, ApprovedProject project, List<HoldingRow> holdings, Caller caller)
    {
        project.Move(holdings.Exists(row => row.State == HoldingState.Archived) ? ProjectEvent.LastHoldingArchived : ProjectEvent.LastHoldingDeleted);
        log.Append(scope, LeafDraft.ProjectClosed(caller.Actor, project.Row.ProjectId, project.Row.State.WireName()));
    }

    private ConfirmationRow ConfirmPart(WriteScope scope, EndClaim claim, Caller caller)
    {
        var project = ApprovedProject.Require(scope.Db, claim.ProjectId, caller, identity.Value.StilCvr);
        var holdings = scope.Db.Set<HoldingRow>().Where(row => row.ProjectId == claim.ProjectId).OrderBy(row => row.HoldingId).ToList();
        var named = Named(holdings, claim.HoldingIds, row => row.PartDeletionDue);
        if (named.Count == 0)
        {
            return ConfirmationRecords.Repeated(scope.Db, holdings, claim, row => row.PartLogIndex, PartDeleted)
                ?? throw RefusedException.By("E_STATE", "no part deletion is due");
        }

        foreach (var holding in named)
        {
            RequireDate(holding, claim.EndedOn);
            holding.PartDeletionDue = false;
            // From here the holding contains what the version in force allows.
            holding.ApprovalVersion = project.Row.Version;
        }

        var leaf = log.Append(scope, LeafDraft.DeletionConfirmed(
            caller.Actor, claim.ProjectId, named.Select(row => row.HoldingId), PartDeleted, claim.EndedOn, Commitment(claim)));
        named.ForEach(row => row.PartLogIndex = leaf.Index);
        return Record(scope, project, named, claim, leaf, PartDeleted);
    }

    // Those the act is about; none when it has happened to all that are meant, so that it may be a confirmation made again.
    private static List<HoldingRow> Named(List<HoldingRow> holdings, IReadOnlyList<string> ids, Predicate<HoldingRow> isMeant)
    {
        if (ids.Count == 0)
        {
            return holdings.FindAll(isMeant);
        }

        // A holding that is not this project's is as unknown as one that does not exist.
        var named = ids.Distinct(StringComparer.Ordinal).Select(id => holdings.Find(row => row.HoldingId == id) ?? throw RefusedException.By("R01")).ToList();
        return named.TrueForAll(isMeant) ? named
            : named.Exists(isMeant) ? throw RefusedException.By("E_CONFIRMATION_CONTRADICTS", "some of these are confirmed already")
            : [];
    }

    private void End(HoldingRow holding, EndClaim claim)
    {
        RequireDate(holding, claim.EndedOn);
        holding.State = claim.State;
        holding.EndedOn = IsoDay.Text(claim.EndedOn);
        holding.SignerName = claim.SignerName;
        holding.EvidenceReference = claim.EvidenceReference;
        holding.Archive = claim.Archive;
        holding.PartDeletionDue = false;
    }

    private void RequireDate(HoldingRow holding, DateOnly day)
    {
        if (day > DanishTime.DateOf(clock.GetUtcNow()) || string.CompareOrdinal(IsoDay.Text(day), holding.DeliveredOn) < 0)
        {
            throw RefusedException.By("E_CONFIRMATION_DATE", $"delivered on {holding.DeliveredOn}");
        }
    }

    private static LeafDraft Leaf(EndClaim claim, List<HoldingRow> named, Caller caller)
    {
        var ids = named.Select(row => row.HoldingId);
        return claim.State == HoldingState.Archived
            ? LeafDraft.ArchivalConfirmed(caller.Actor, claim.ProjectId, ids, claim.State.WireName(), claim.EndedOn, Commitment(claim))
            : LeafDraft.DeletionConfirmed(caller.Actor, claim.ProjectId, ids, claim.State.WireName(), claim.EndedOn, Commitment(claim));
    }

    private static void RequireText(string text, string field, bool isRequired)
    {
        if (text.Length > TextLengthMax || (isRequired && text.Length == 0))
        {
            throw RefusedException.By("E_CONFIRMATION_INCOMPLETE", field);
        }
    }

    // Names and references are guessable, so the commitment is salted; the salt is not kept, for nothing but the row itself need ever match it.
    private static LogHash Commitment(EndClaim claim) =>
        LogHash.Of([.. RandomNumberGenerator.GetBytes(32), .. Encoding.UTF8.GetBytes($"{claim.SignerName}\n{claim.Archive}\n{claim.EvidenceReference}")]);
}
