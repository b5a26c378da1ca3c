using System.Security.Cryptography;
using Delivery.Client.Closure;
using Delivery.Protocol.Log;
using Delivery.Protocol.Sealing;
using Delivery.Tests.Log;

namespace Delivery.Tests.Client;

/// <summary>A log with one confirmation in it and the delivery key that signs for it; every part can be told otherwise before it is signed.</summary>
internal sealed class SampleConfirmation : IDisposable
{
    public const string ProjectId = "P-17";

    private readonly SampleLog _log = new(7);

    public SampleConfirmation(LeafDraft? leaf = null)
    {
        var draft = leaf ?? LeafDraft.DeletionConfirmed(
            SampleLeaves.Actor, ProjectId, ["H-2", "H-1"], "DELETED", new DateOnly(2026, 3, 1), SampleLeaves.Digest("evidence"));
        Leaf = Protocol.Log.Leaf.Compose(draft, SampleLeaves.Origin, 7, SampleLeaves.TimestampMs);
        _log.AppendRaw(Leaf);
        _log.Grow(2);
        Holdings = [Holding("H-1", "DELETED", "2026-03-01"), Holding("H-2", "DELETED", "2026-03-01")];
        Document = new(StringComparer.Ordinal)
        {
            ["leaf_hash"] = new JsonText(LogHash.Leaf(Leaf).ToString()),
            ["log_index"] = new JsonInteger(7),
            ["project_id"] = new JsonText(ProjectId),
            ["project_state"] = new JsonText("CLOSED_DELETED"),
            ["v"] = new JsonInteger(1),
        };
    }

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public LogPolicy Policy => _log.Policy();

    public byte[] Leaf { get; }

    public JsonValue[] Holdings { get; set; }

    /// <summary>The document's other members.</summary>
    public Dictionary<string, JsonValue> Document { get; }

    public static JsonObject Holding(string id, string state, string endedOn) => new(
        new("delivered_on", new JsonText("2025-09-02")),
        new("deletion_due", new JsonText("2026-02-28")),
        new("ended_on", new JsonText(endedOn)),
        new("holding_id", new JsonText(id)),
        new("row_count", new JsonInteger(4100)),
        new("state", new JsonText(state)),
        new("was_overdue", new JsonBoolean(id == "H-2")));

    /// <summary>The document as it would be signed.</summary>
    public byte[] Compose() => CanonicalJson.Write(new JsonObject(Document.Append(new("holdings", new JsonArray(Holdings)))));

    public byte[] Proof() => _log.Proof(7).Encode();

    /// <summary>The confirmation, signed.</summary>
    public ConfirmationDocument? Sign(ReadOnlySpan<byte> label = default)
    {
        var document = Compose();
        return ConfirmationDocument.Read(document, SenderKey.Sign(Key, label.IsEmpty ? "delivery/v1 confirmation"u8 : label, document), Leaf, Proof());
    }

    /// <summary>The file of the confirmation, each part as a test wants it.</summary>
    public ConfirmationFile File()
    {
        var signed = Sign()!;
        return new ConfirmationFile(signed.Document.ToArray(), signed.Signature.ToArray(), Leaf, Proof(), signed.Rendering);
    }

    public ConfirmationOutcome Verify(ReadOnlySpan<byte> file) => ConfirmationVerification.Verify(file, Key, Policy);

    public ConfirmationOutcome Verify() => ConfirmationVerification.Verify(Sign()!, Key, Policy);

    public void Dispose()
    {
        _log.Dispose();
        Key.Dispose();
    }
}
