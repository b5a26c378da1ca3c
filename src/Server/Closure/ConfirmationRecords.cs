using Delivery.Protocol.Domain;
using Delivery.Server.Approvals;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;

namespace Delivery.Server.Closure;

/// <summary>Finds the confirmation that is being made again, so that a lost answer can be had once more, and refuses one that says something else.</summary>
internal static class ConfirmationRecords
{
    /// <summary>
    /// The confirmation a claim repeats. Named holdings are looked up by their leaf, which may cover more of them than are named; without names the
    /// newest confirmation of the kind is meant. Null when the holdings never were confirmed so.
    /// </summary>
    /// <param name="db">The transaction's tables.</param>
    /// <param name="holdings">All of the project.</param>
    /// <param name="claim">What is claimed now.</param>
    /// <param name="leafOf">Index of the leaf that confirmed a holding; -1 for none.</param>
    /// <param name="method">The method as the log writes it.</param>
    /// <exception cref="RefusedException">E_CONFIRMATION_CONTRADICTS: it was confirmed otherwise, or in several steps.</exception>
    public static ConfirmationRow? Repeated(
        DeliveryDb db, List<HoldingRow> holdings, EndClaim claim, Func<HoldingRow, long> leafOf, string method)
    {
        var leaves = holdings.Where(row => claim.HoldingIds.Count == 0 || claim.HoldingIds.Contains(row.HoldingId)).Select(leafOf).Distinct().ToList();
        var newest = leaves.DefaultIfEmpty(-1).Max();
        if (newest < 0)
        {
            return null;
        }

        if (claim.HoldingIds.Count > 0 && leaves.Count > 1)
        {
            throw RefusedException.By("E_CONFIRMATION_CONTRADICTS", "these were confirmed in several steps; name the holdings of one of them");
        }

        return db.Set<ConfirmationRow>().Find(newest) is { } recorded && Says(recorded, claim, method)
            ? recorded
            : throw RefusedException.By("E_CONFIRMATION_CONTRADICTS");
    }

    private static bool Says(ConfirmationRow recorded, EndClaim claim, string method) =>
        recorded.Method == method && recorded.ConfirmedOn == IsoDay.Text(claim.EndedOn) && recorded.SignerName == claim.SignerName
        && recorded.EvidenceReference == claim.EvidenceReference && recorded.Archive == claim.Archive;
}
