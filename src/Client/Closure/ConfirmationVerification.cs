using System.Security.Cryptography;
using Delivery.Client.Keys;
using Delivery.Client.Log;
using Delivery.Client.Refusals;
using Delivery.Protocol.Log;
using Delivery.Protocol.Sealing;

namespace Delivery.Client.Closure;

/// <summary>Checks confirmations offline: against the server's delivery key and a log policy, both had from elsewhere. Any thread.</summary>
public static class ConfirmationVerification
{
    // A part deletion leaves the holding open, so the leaf's word for it is not a state.
    private const string PartDeleted = "PART_DELETED";

    private static ReadOnlySpan<byte> SignatureLabel => "delivery/v1 confirmation"u8;

    /// <summary>Decides whether a saved confirmation holds. Bad input is an answer, never an exception.</summary>
    /// <param name="file">The file <see cref="ConfirmationDocument.Save"/> wrote.</param>
    /// <param name="deliveryKeyFile">PEM file of the server's delivery key: public key or certificate.</param>
    /// <param name="policyFile">Which log and which keys to believe.</param>
    public static ConfirmationOutcome VerifyFile(string file, string deliveryKeyFile, string policyFile)
    {
        byte[] bytes;
        try
        {
            // One byte more than allowed is enough to know that there are too many.
            using var stream = File.OpenRead(file);
            bytes = new byte[ConfirmationFile.SizeMaxBytes + 1];
            bytes = bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Unusable("FileUnreadable");
        }

        try
        {
            using var key = SenderKeyFile.Read(deliveryKeyFile);
            return Verify(bytes, key, PolicyFile.Read(policyFile));
        }
        catch (DeliveryClientException refused)
        {
            return Unusable(refused.Code == ClientReasons.PolicyUnreadable.Code ? nameof(LogProofCode.PolicyUnreadable) : "KeyUnreadable");
        }
    }

    /// <summary>Decides whether a confirmation holds that was received and not yet saved.</summary>
    /// <exception cref="DeliveryClientException">The key or the policy is unusable.</exception>
    public static ConfirmationOutcome Verify(ConfirmationDocument confirmation, string deliveryKeyFile, string policyFile)
    {
        ArgumentNullException.ThrowIfNull(confirmation);
        using var key = SenderKeyFile.Read(deliveryKeyFile);
        return Verify(confirmation, key, PolicyFile.Read(policyFile));
    }

    internal static ConfirmationOutcome Verify(ReadOnlySpan<byte> file, ECDsa deliveryKey, LogPolicy policy)
    {
        if (file.Length > ConfirmationFile.SizeMaxBytes || ConfirmationFile.Decode(file) is not { } parts)
        {
            return Unusable("FileUnreadable");
        }

        if (ConfirmationDocument.Read(parts.Document, parts.Signature, parts.Leaf, parts.Proof) is not { } confirmation)
        {
            return Unusable("DocumentUnreadable");
        }

        var outcome = Verify(confirmation, deliveryKey, policy);

        // The text beside a proven document is what people will read, so it must say what was proven.
        return outcome.Verdict == LogVerdict.Proven && parts.Rendering != confirmation.Rendering ? Refuted("RenderingDiffers") : outcome;
    }

    internal static ConfirmationOutcome Verify(ConfirmationDocument confirmation, ECDsa deliveryKey, LogPolicy policy)
    {
        if (!SenderKey.Verify(deliveryKey, SignatureLabel, confirmation.Document.Span, confirmation.Signature.Span))
        {
            return Refuted("DocumentSignatureWrong");
        }

        if (LogHash.Leaf(confirmation.Leaf.Span) != confirmation.Facts.LeafHash)
        {
            return Refuted("LeafDiffers");
        }

        var result = LogProofVerifier.Verify(policy, confirmation.Leaf.Span, confirmation.Proof.Span);
        if (result.Leaf is not { } leaf)
        {
            return result.Verdict == LogProofVerdict.Unusable ? Unusable(result.Code.ToString()) : Refuted(result.Code.ToString());
        }

        return Contradiction(confirmation.Facts, leaf) is { } reason
            ? Refuted(reason)
            : new ConfirmationOutcome(
                LogVerdict.Proven, nameof(LogVerdict.Proven), confirmation, DateTimeOffset.FromUnixTimeMilliseconds(leaf.TimestampMs), result.Checkpoint!.Size);
    }

    private static string? Contradiction(ConfirmationFacts facts, Leaf leaf)
    {
        if (leaf.Type is not (LeafType.DeletionConfirmed or LeafType.ArchivalConfirmed))
        {
            return "LeafOfAnotherType";
        }

        return leaf.Index != facts.LogIndex ? "LeafOfAnotherIndex"
            : leaf.ProjectId != facts.ProjectId ? "LeafOfAnotherProject"
            : !facts.Holdings.Select(holding => holding.HoldingId).Order(StringComparer.Ordinal).SequenceEqual(leaf.Texts("holding_ids")) ? "LeafOfOtherHoldings"
            : facts.Holdings.Any(holding => holding.State != EndOf(leaf)) ? "LeafMethodDiffers"
            : facts.Holdings.Any(holding => holding.EndedOn is { } day && WireDay(day) != leaf.Text("confirmed_on")) ? "LeafDayDiffers"
            : null;
    }

    // The state a leaf's method leaves holdings in; the archive's leaf has no other method than its own.
    private static string EndOf(Leaf leaf) => (leaf.Type, leaf.Text("method")) switch
    {
        (LeafType.ArchivalConfirmed, "ARCHIVED") => "ARCHIVED",
        (LeafType.DeletionConfirmed, "DELETED") => "DELETED",
        (LeafType.DeletionConfirmed, "DESTROYED") => "DESTROYED",
        (LeafType.DeletionConfirmed, PartDeleted) => StateWords.OpenHolding,
        _ => "",
    };

    private static string WireDay(DateOnly day) => Connection.WireText.Text(day);

    private static ConfirmationOutcome Unusable(string reason) => new(LogVerdict.Unusable, reason);

    private static ConfirmationOutcome Refuted(string reason) => new(LogVerdict.Refuted, reason);
}
