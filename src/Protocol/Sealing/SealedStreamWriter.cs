using System.Security.Cryptography;

namespace Delivery.Protocol.Sealing;

/// <summary>
/// Seals one StreamExtract call: the header when opened, then batches in order, then the trailer. Hashing is apart from
/// sealing: <see cref="SealBatch"/> belongs to one thread and <see cref="Advance"/> to one thread, not necessarily the same;
/// either may run ahead. <see cref="SealTrailer"/> comes when both have seen every batch.
/// </summary>
internal sealed class SealedStreamWriter : IDisposable
{
    private readonly SealedStreamRequest _request;
    private readonly HpkeSender _context;
    private readonly ECDsa _signer;
    private readonly RunningDigest _digest;
    private long _rows;
    private bool _ended;

    private SealedStreamWriter(SealedStreamRequest request, HpkeSender context, ECDsa signer, RunningDigest digest, byte[] header)
    {
        _request = request;
        _context = context;
        _signer = signer;
        _digest = digest;
        _rows = request.RowsBefore;
        HeaderBytes = header;
        NextBatchIndex = request.FirstBatchIndex;
    }

    /// <summary>The first frame, to be sent as it is.</summary>
    public ReadOnlyMemory<byte> HeaderBytes { get; }

    /// <summary>The index the next sealed batch gets. Owned by the sealing thread.</summary>
    public long NextBatchIndex { get; private set; }

    /// <summary>Batches covered by <see cref="CurrentDigest"/>. Owned by the hashing thread.</summary>
    public long DigestedBatches => _digest.Batches;

    /// <summary>The running digest after <see cref="DigestedBatches"/> batches. Owned by the hashing thread.</summary>
    public ReadOnlySpan<byte> CurrentDigest => _digest.Current;

    public static int SealedSize(int plaintextLength) => checked(plaintextLength + Hpke.TagSize);

    /// <summary>Makes a new encapsulation for the recipient and signs the header.</summary>
    /// <param name="request">Names the recipient's key and the signer's; a mismatch with those given is refused.</param>
    /// <param name="recipient">The key whose signed registration the caller has verified.</param>
    /// <param name="digestSalt">32 random bytes of the extract, the same in every call that continues it.</param>
    /// <param name="signer">The delivery key; it stays the caller's and must outlive the writer.</param>
    /// <param name="limits">For tests; the default holds otherwise.</param>
    /// <exception cref="SealedStreamException">The request names other keys.</exception>
    public static SealedStreamWriter Open(
        SealedStreamRequest request, HpkePublicKey recipient, ReadOnlySpan<byte> digestSalt, ECDsa signer, HpkeLimits? limits = null)
    {
        request.CheckPosition();
        ArgumentOutOfRangeException.ThrowIfNotEqual(digestSalt.Length, BatchDigest.SaltSize);
        StreamKeys.Check(request, recipient, signer);

        var prefix = SealedStreamHeader.Prefix(request);
        var context = HpkeSender.Setup(recipient, SealedStreamHeader.Info(prefix), limits);
        var commitment = context.Export(SealedStreamHeader.CommitmentLabel, SealedStreamHeader.CommitmentSize);
        var sealedSalt = new byte[SealedStreamHeader.SealedSaltSize];
        context.Seal(SealedStreamHeader.SaltLabel, digestSalt, sealedSalt);
        var header = SealedStreamHeader.Assemble(prefix, context.Encapsulation, commitment, sealedSalt, signer);
        return new SealedStreamWriter(request, context, signer, StreamKeys.DigestAt(request, digestSalt), header);
    }

    /// <summary>
    /// Whether a batch of this size can still be sealed and leave room for the trailer. When not, end the call without a
    /// trailer; the client resumes with a new one.
    /// </summary>
    public bool HasRoomFor(int plaintextLength) => _context.HasRoomFor(2, plaintextLength + (long)TrailerFacts.Size);

    /// <summary>
    /// Seals the next batch into a destination of <see cref="SealedSize"/> bytes, which may begin at the plaintext's first
    /// byte but nowhere else inside it. Allocates nothing.
    /// </summary>
    /// <exception cref="SealedStreamException">No room under the limits, or the stream ended or failed.</exception>
    public void SealBatch(int rowCount, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        ThrowIfClosed();
        if (!HasRoomFor(plaintext.Length))
        {
            throw new SealedStreamException(SealedStreamRefusal.LimitReached, $"The key of this stream has no room for batch {NextBatchIndex}; end the call and resume with a new one.");
        }

        Span<byte> additionalData = stackalloc byte[StreamFrames.AdditionalDataSize];
        StreamFrames.BatchData(NextBatchIndex, rowCount, additionalData);
        _context.Seal(additionalData, plaintext, destination);
        NextBatchIndex++;
        _rows += rowCount;
    }

    /// <summary>Appends the digest of the next batch in order, see <see cref="BatchDigest.Compute"/>.</summary>
    public void Advance(ReadOnlySpan<byte> batchDigest) => _digest.Append(batchDigest);

    /// <summary>Ends the stream.</summary>
    /// <param name="qualityReportDigest">32 bytes: SHA-256 of the quality report the client gets.</param>
    /// <param name="transferLogProofDigest">32 bytes: SHA-256 of the transfer-log proof sent beside the trailer.</param>
    /// <exception cref="InvalidOperationException">Some batch is sealed but not digested, or the reverse.</exception>
    public SealedTrailer SealTrailer(ReadOnlySpan<byte> qualityReportDigest, ReadOnlySpan<byte> transferLogProofDigest)
    {
        ThrowIfClosed();
        ArgumentOutOfRangeException.ThrowIfNotEqual(qualityReportDigest.Length, 32);
        ArgumentOutOfRangeException.ThrowIfNotEqual(transferLogProofDigest.Length, 32);
        if (_digest.Batches != NextBatchIndex)
        {
            throw new InvalidOperationException($"Sealed up to batch {NextBatchIndex} but digested up to {_digest.Batches}.");
        }

        var facts = new TrailerFacts(
            NextBatchIndex, _rows, _digest.Current.ToArray(), qualityReportDigest.ToArray(), transferLogProofDigest.ToArray());
        Span<byte> plaintext = stackalloc byte[TrailerFacts.Size];
        facts.Write(plaintext);
        Span<byte> additionalData = stackalloc byte[StreamFrames.AdditionalDataSize];
        StreamFrames.TrailerData(NextBatchIndex, additionalData);
        var sealedFacts = new byte[SealedTrailer.SealedSize];
        _context.Seal(additionalData, plaintext, sealedFacts);
        _ended = true;
        return new SealedTrailer(sealedFacts, SenderKey.Sign(_signer, [.. StreamFrames.TrailerLabel, .. _request.CallId.Span], plaintext));
    }

    public void Dispose() => _context.Dispose();

    private void ThrowIfClosed()
    {
        if (_ended)
        {
            throw new SealedStreamException(SealedStreamRefusal.AfterTrailer, "The trailer is sealed; nothing follows it.");
        }

        if (_context.IsDead)
        {
            throw new SealedStreamException(SealedStreamRefusal.AfterFailure, "This stream has failed or was disposed; open a new call.");
        }
    }
}
