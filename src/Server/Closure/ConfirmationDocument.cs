using Delivery.Protocol.Log;
using Delivery.Protocol.Sealing;
using Delivery.Server.Approvals;
using Delivery.Server.Extracts;
using Delivery.Server.TransferLog;

namespace Delivery.Server.Closure;

/// <summary>
/// What the controller gets to keep: the confirmation as restricted canonical JSON, signed by the delivery key, bound to its leaf by hash. With the leaf's
/// proof it can be checked by anybody, offline. It names holdings and days, never the signer.
/// </summary>
internal sealed class ConfirmationDocument(DeliveryKey deliveryKey)
{
    private static ReadOnlySpan<byte> SignatureLabel => "delivery/v1 confirmation"u8;

    /// <summary>The document's bytes and the signature over them.</summary>
    /// <param name="project">The project, as it stands after the confirmation.</param>
    /// <param name="holdings">What was confirmed.</param>
    /// <param name="leaf">The leaf that records it.</param>
    public (byte[] Document, byte[] Signature) Sign(ProjectRow project, IEnumerable<HoldingRow> holdings, AppendedLeaf leaf)
    {
        var document = CanonicalJson.Write(new JsonObject(
            new("holdings", new JsonArray([.. holdings.Select(Holding)])),
            new("leaf_hash", new JsonText(LogHash.Leaf(leaf.Body).ToString())),
            new("log_index", new JsonInteger(leaf.Index)),
            new("project_id", new JsonText(project.ProjectId)),
            new("project_state", new JsonText(project.State.WireName())),
            new("v", new JsonInteger(1))));
        using var key = deliveryKey.Open();
        return (document, SenderKey.Sign(key, SignatureLabel, document));
    }

    private static JsonObject Holding(HoldingRow holding) => new(
        new("delivered_on", new JsonText(holding.DeliveredOn)),
        new("deletion_due", new JsonText(holding.DeletionDue)),
        new("ended_on", new JsonText(holding.EndedOn)),
        new("holding_id", new JsonText(holding.HoldingId)),
        new("row_count", new JsonInteger(holding.Rows)),
        new("state", new JsonText(holding.State.WireName())),
        new("was_overdue", new JsonBoolean(holding.WasOverdue)));
}
