using System.Security.Cryptography;

namespace Delivery.Protocol.Sealing;

/// <summary>Holds the keys in hand against those a request names, before anything is sealed or opened with them.</summary>
internal static class StreamKeys
{
    /// <exception cref="SealedStreamException">Suite, recipient key or sender key differ from the request's.</exception>
    public static void Check(SealedStreamRequest request, HpkePublicKey recipient, ECDsa sender)
    {
        if (recipient.Suite != request.Suite)
        {
            throw new SealedStreamException(SealedStreamRefusal.SuiteChanged, $"The recipient key in hand is of suite {recipient.Suite}, the request says {request.Suite}.");
        }

        if (!recipient.Id.Span.SequenceEqual(request.RecipientKeyId.Span))
        {
            throw new SealedStreamException(SealedStreamRefusal.RecipientKeyUnknown, "The recipient key in hand is not the one the request names.");
        }

        if (!SenderKey.IdOf(sender).AsSpan().SequenceEqual(request.SenderKeyId.Span))
        {
            throw new SealedStreamException(SealedStreamRefusal.SenderKeyUnknown, "The delivery key in hand is not the one the request names.");
        }
    }

    /// <summary>The running digest a stream starts from: D_0 from the salt, or the one the request continues.</summary>
    public static RunningDigest DigestAt(SealedStreamRequest request, ReadOnlySpan<byte> salt) =>
        request.FirstBatchIndex == 0 ? new RunningDigest(salt) : new RunningDigest(request.FirstBatchIndex, request.RunningDigest.Span);
}
