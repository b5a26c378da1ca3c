using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Log;
using Delivery.Server.Approvals;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Closure;

/// <summary>What an administrator confirms.</summary>
/// <param name="HoldingIds">The holdings; empty for all that are open.</param>
/// <param name="State">Deleted or destroyed.</param>
internal sealed record DeletionClaim(
    string ProjectId, IReadOnlyList<string> HoldingIds, HoldingState State, DateOnly EndedOn, string SignerName, string EvidenceReference);

/// <summary>A confirmation that stands.</summary>
internal sealed record ConfirmedDeletion(IReadOnlyList<string> HoldingIds, ProjectState ProjectState, long LogIndex);

/// <summary>The transaction around a confirmation: holdings, project and leaves together.</summary>
internal sealed class ClosureDesk(StoreWriter writer, LogAppender log, IOptions<IdentityOptions> identity, TimeProvider clock)
{
    private const int TextLengthMax = 200;

    /// <summary>Confirms holdings; the project closes when none is open any more. Repeating a confirmation answers as the first time.</summary>
    public Task<ConfirmedDeletion> ConfirmAsync(DeletionClaim claim, Caller caller, CancellationToken cancellation)
    {
        if (claim.SignerName.Length is 0 or > TextLengthMax || claim.EvidenceReference.Length > TextLengthMax)
        {
            throw RefusedException.By("E_CONFIRMATION_INCOMPLETE", claim.SignerName.Length == 0 ? "signer_name" : "evidence_reference");
        }

        return writer.WriteAsync(scope => Confirm(scope, claim, caller), cancellation);
    }

    private ConfirmedDeletion Confirm(WriteScope scope, DeletionClaim claim, Caller caller)
    {
        var project = ApprovedProject.Require(scope.Db, claim.ProjectId, caller, identity.Value.StilCvr);
        var holdings = scope.Db.Set<HoldingRow>().Where(row => row.ProjectId == claim.ProjectId).OrderBy(row => row.HoldingId).ToList();
        var named = claim.HoldingIds.Count == 0 ? holdings.FindAll(row => row.State == HoldingState.Open) : Named(holdings, claim.HoldingIds);
        if (named.Count == 0 && holdings.Count > 0)
        {
            // Nothing is open: the same confirmation again, or one that contradicts it.
            named = holdings;
        }

        if (named.Count == 0)
        {
            throw RefusedException.By("E_STATE", project.Row.State.WireName());
        }

        if (named.TrueForAll(row => row.State != HoldingState.Open))
        {
            return Repeated(project, named, claim);
        }

        var today = DanishTime.DateOf(clock.GetUtcNow());
        foreach (var holding in named)
        {
            End(holding, claim, today);
        }

        var leaf = log.Append(scope, LeafDraft.DeletionConfirmed(
            caller.Actor, claim.ProjectId, named.Select(row => row.HoldingId), claim.State == HoldingState.Deleted ? "DELETED" : "DESTROYED", claim.EndedOn, Commitment(claim)));
        named.ForEach(row => row.EndLogIndex = leaf.Index);
        if (holdings.TrueForAll(row => row.State != HoldingState.Open))
        {
            project.Move(ProjectEvent.LastHoldingDeleted);
            log.Append(scope, LeafDraft.ProjectClosed(caller.Actor, claim.ProjectId, project.Row.State.WireName()));
        }

        scope.Db.SaveChanges();
        return new ConfirmedDeletion([.. named.Select(row => row.HoldingId)], project.Row.State, leaf.Index);
    }

    private static List<HoldingRow> Named(List<HoldingRow> holdings, IReadOnlyList<string> ids)
    {
        var named = ids.Distinct(StringComparer.Ordinal).Select(id => holdings.Find(row => row.HoldingId == id) ?? throw RefusedException.By("R01")).ToList();
        return named.Exists(row => row.State == HoldingState.Open) && named.Exists(row => row.State != HoldingState.Open)
            ? throw RefusedException.By("E_CONFIRMATION_CONTRADICTS", "some of these are confirmed already")
            : named;
    }

    private static ConfirmedDeletion Repeated(ApprovedProject project, List<HoldingRow> holdings, DeletionClaim claim) =>
        holdings.TrueForAll(row => row.State == claim.State && row.EndedOn == Text(claim.EndedOn) && row.SignerName == claim.SignerName)
            ? new ConfirmedDeletion([.. holdings.Select(row => row.HoldingId)], project.Row.State, holdings[0].EndLogIndex)
            : throw RefusedException.By("E_CONFIRMATION_CONTRADICTS");

    private static void End(HoldingRow holding, DeletionClaim claim, DateOnly today)
    {
        if (claim.EndedOn > today || string.CompareOrdinal(Text(claim.EndedOn), holding.DeliveredOn) < 0)
        {
            throw RefusedException.By("E_CONFIRMATION_DATE", $"delivered on {holding.DeliveredOn}");
        }

        holding.State = claim.State;
        holding.EndedOn = Text(claim.EndedOn);
        holding.SignerName = claim.SignerName;
        holding.EvidenceReference = claim.EvidenceReference;
    }

    // Names and references are guessable, so the commitment is salted; the salt is not kept, for nothing but the row itself need ever match it.
    private static LogHash Commitment(DeletionClaim claim) =>
        LogHash.Of([.. RandomNumberGenerator.GetBytes(32), .. Encoding.UTF8.GetBytes($"{claim.SignerName}\n{claim.EvidenceReference}")]);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
