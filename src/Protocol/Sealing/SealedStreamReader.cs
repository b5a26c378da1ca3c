using System.Security.Cryptography;

namespace Delivery.Protocol.Sealing;

/// <summary>
/// Opens one StreamExtract call for the recipient: header, batches in order, trailer. It believes its own request and
/// counters, never the frame, and dies at the first refusal. <see cref="OpenBatch"/> and <see cref="OpenTrailer"/> belong to
/// one thread; <see cref="Advance"/> may be another's. Until <see cref="OpenTrailer"/> returned, the stream counts as cut.
/// </summary>
internal sealed class SealedStreamReader : IDisposable
{
    private readonly SealedStreamRequest _request;
    private readonly HpkeReceiver _context;
    private readonly ECDsa _sender;
    private readonly RunningDigest _digest;
    private readonly byte[] _digestSalt;
    private long _rows;
    private bool _ended;
    private bool _failed;

    private SealedStreamReader(SealedStreamRequest request, HpkeReceiver context, ECDsa sender, byte[] digestSalt)
    {
        _request = request;
        _context = context;
        _sender = sender;
        _digestSalt = digestSalt;
        _digest = StreamKeys.DigestAt(request, digestSalt);
        _rows = request.RowsBefore;
        NextBatchIndex = request.FirstBatchIndex;
    }

    /// <summary>The index the next batch must have. Owned by the opening thread.</summary>
    public long NextBatchIndex { get; private set; }

    /// <summary>Rows opened, those before this call included. Owned by the opening thread.</summary>
    public long Rows => _rows;

    /// <summary>32 bytes for <see cref="BatchDigest.Compute"/>. Secret: whoever has it can test guesses against the public digest.</summary>
    public ReadOnlySpan<byte> DigestSalt => _digestSalt;

    /// <summary>Batches covered by <see cref="CurrentDigest"/>; with it, what a resumed call is asked with. Owned by the hashing thread.</summary>
    public long DigestedBatches => _digest.Batches;

    public ReadOnlySpan<byte> CurrentDigest => _digest.Current;

    /// <summary>Checks a header against the caller's own request, opens it, and is ready for the first batch.</summary>
    /// <param name="expected">Built from what the caller asked for, never from the header.</param>
    /// <param name="header">The first frame's bytes.</param>
    /// <param name="recipient">The private key of the recipient key the request names.</param>
    /// <param name="sender">The delivery key the caller trusts; stays the caller's and must outlive the reader.</param>
    /// <param name="limits">For tests; the default holds otherwise.</param>
    /// <exception cref="SealedStreamException">The header is refused.</exception>
    public static SealedStreamReader Open(
        SealedStreamRequest expected, ReadOnlySpan<byte> header, HpkePrivateKey recipient, ECDsa sender, HpkeLimits? limits = null)
    {
        expected.CheckPosition();
        StreamKeys.Check(expected, recipient.PublicKey, sender);
        if (SealedStreamHeader.Compare(expected, header) is { } refusal)
        {
            throw new SealedStreamException(refusal, $"The header is not the one asked for ({refusal}); discard the call.");
        }

        var prefix = SealedStreamHeader.Prefix(expected);
        var parts = SealedStreamHeader.Split(header, prefix.Length);
        if (!SenderKey.Verify(sender, [], parts.Signed, parts.Signature))
        {
            throw new SealedStreamException(SealedStreamRefusal.HeaderSignatureInvalid, "The delivery key did not sign this header; discard the call.");
        }

        var context = SetUp(recipient, parts, prefix, limits);
        try
        {
            return new SealedStreamReader(expected, context, sender, OpenSalt(context, parts));
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens the next batch into a destination 16 bytes shorter, which may begin at the sealed batch's first byte (opening in
    /// place) but nowhere else inside it. Plaintext stands there only if the tag held for this index and row count.
    /// Allocates nothing.
    /// </summary>
    /// <exception cref="SealedStreamException">The batch is refused; the reader is dead.</exception>
    public void OpenBatch(int rowCount, ReadOnlySpan<byte> sealedBatch, Span<byte> destination)
    {
        ThrowIfClosed();
        var length = sealedBatch.Length - Hpke.TagSize;
        if (length >= 0 && destination.Length != length)
        {
            throw new ArgumentException("The destination must be 16 bytes shorter than the sealed batch.", nameof(destination));
        }

        if (length < 0 || rowCount < 0)
        {
            throw Fail(SealedStreamRefusal.BatchAltered, $"Batch {NextBatchIndex} is too short or counts rows below zero; discard the call.");
        }

        if (!_context.HasRoomFor(1, length))
        {
            throw Fail(SealedStreamRefusal.LimitReached, $"Batch {NextBatchIndex} exceeds what one key may carry; discard the call.");
        }

        Span<byte> additionalData = stackalloc byte[StreamFrames.AdditionalDataSize];
        StreamFrames.BatchData(NextBatchIndex, rowCount, additionalData);
        try
        {
            _context.Open(additionalData, sealedBatch, destination);
        }
        catch (CryptographicException cause)
        {
            throw Fail(SealedStreamRefusal.BatchAltered, $"Batch {NextBatchIndex} did not open; discard the call.", cause);
        }

        NextBatchIndex++;
        _rows += rowCount;
    }

    /// <summary>Appends the digest of the next batch in order, see <see cref="BatchDigest.Compute"/>.</summary>
    public void Advance(ReadOnlySpan<byte> batchDigest) => _digest.Append(batchDigest);

    /// <summary>Checks the trailer against the rows, batches and digest counted here. When it returns, the stream is whole.</summary>
    /// <exception cref="SealedStreamException">The trailer is refused; the reader is dead.</exception>
    /// <exception cref="InvalidOperationException">Some opened batch is not digested yet.</exception>
    public TrailerFacts OpenTrailer(ReadOnlySpan<byte> sealedTrailer, ReadOnlySpan<byte> signature)
    {
        ThrowIfClosed();
        if (_digest.Batches != NextBatchIndex)
        {
            throw new InvalidOperationException($"Opened up to batch {NextBatchIndex} but digested up to {_digest.Batches}.");
        }

        Span<byte> plaintext = stackalloc byte[TrailerFacts.Size];
        OpenTrailerBytes(sealedTrailer, plaintext);
        if (!SenderKey.Verify(_sender, [.. StreamFrames.TrailerLabel, .. _request.CallId.Span], plaintext, signature))
        {
            throw Fail(SealedStreamRefusal.TrailerSignatureInvalid, "The delivery key did not sign this trailer; discard the call.");
        }

        var facts = TrailerFacts.Read(plaintext);
        if (facts.NextBatchIndex != NextBatchIndex || facts.TotalRows != _rows)
        {
            throw Fail(SealedStreamRefusal.TrailerCountChanged, $"The trailer counts {facts.NextBatchIndex} batches and {facts.TotalRows} rows; {NextBatchIndex} and {_rows} arrived.");
        }

        if (!facts.RunningDigest.Span.SequenceEqual(_digest.Current))
        {
            throw Fail(SealedStreamRefusal.TrailerDigestChanged, "The trailer's running digest is not that of the batches that arrived.");
        }

        _ended = true;
        return facts;
    }

    public void Dispose()
    {
        _context.Dispose();
        CryptographicOperations.ZeroMemory(_digestSalt);
    }

    private static HpkeReceiver SetUp(HpkePrivateKey recipient, SealedStreamHeader.Parts parts, byte[] prefix, HpkeLimits? limits)
    {
        try
        {
            return HpkeReceiver.Setup(recipient, parts.Encapsulation, SealedStreamHeader.Info(prefix), HpkeAead.Aes256Gcm, limits);
        }
        catch (CryptographicException cause)
        {
            throw new SealedStreamException(SealedStreamRefusal.EncapsulationMalformed, "The header's encapsulation is malformed; discard the call.", cause);
        }
    }

    private static byte[] OpenSalt(HpkeReceiver context, SealedStreamHeader.Parts parts)
    {
        var commitment = context.Export(SealedStreamHeader.CommitmentLabel, SealedStreamHeader.CommitmentSize);
        if (!CryptographicOperations.FixedTimeEquals(commitment, parts.Commitment))
        {
            throw new SealedStreamException(SealedStreamRefusal.KeyCommitmentChanged, "The header commits to another key than its encapsulation gives; discard the call.");
        }

        var salt = new byte[BatchDigest.SaltSize];
        try
        {
            context.Open(SealedStreamHeader.SaltLabel, parts.SealedSalt, salt);
        }
        catch (CryptographicException cause)
        {
            throw new SealedStreamException(SealedStreamRefusal.SaltAltered, "The header's digest salt did not open; discard the call.", cause);
        }

        return salt;
    }

    private void OpenTrailerBytes(ReadOnlySpan<byte> sealedTrailer, Span<byte> plaintext)
    {
        if (sealedTrailer.Length != SealedTrailer.SealedSize)
        {
            throw Fail(SealedStreamRefusal.TrailerAltered, $"A sealed trailer has {SealedTrailer.SealedSize} bytes, not {sealedTrailer.Length}; discard the call.");
        }

        Span<byte> additionalData = stackalloc byte[StreamFrames.AdditionalDataSize];
        StreamFrames.TrailerData(NextBatchIndex, additionalData);
        try
        {
            _context.Open(additionalData, sealedTrailer, plaintext);
        }
        catch (CryptographicException cause)
        {
            throw Fail(SealedStreamRefusal.TrailerAltered, $"The trailer did not open after {NextBatchIndex} batches; discard the call.", cause);
        }
    }

    private SealedStreamException Fail(SealedStreamRefusal refusal, string message, Exception? cause = null)
    {
        _failed = true;
        _context.Dispose();
        return new SealedStreamException(refusal, message, cause);
    }

    private void ThrowIfClosed()
    {
        if (_ended)
        {
            throw Fail(SealedStreamRefusal.AfterTrailer, "Something follows the trailer; discard it.");
        }

        if (_failed || _context.IsDead)
        {
            throw new SealedStreamException(SealedStreamRefusal.AfterFailure, "This stream has failed or was disposed; open a new call.");
        }
    }
}
