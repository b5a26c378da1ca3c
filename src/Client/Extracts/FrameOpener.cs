using Delivery.Client.Refusals;
using Delivery.Protocol.Sealing;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Extracts;

/// <summary>
/// Opens the frames of one call in their only order: header, batches, trailer, nothing. It believes its own request and its
/// own counters. Owned by the receiving thread, but for the digests, which may run behind on another.
/// </summary>
internal sealed class FrameOpener(SealedStreamRequest expected, ExtractInfo extract, ExtractTrust trust) : IDisposable
{
    private SealedStreamReader? _reader;

    /// <summary>The comparability warnings of the header.</summary>
    public Wire.ExtractHeader? Header { get; private set; }

    /// <summary>The last frame, once it came; believed only after <see cref="Finish"/>.</summary>
    public Wire.ExtractTrailer? Trailer { get; private set; }

    /// <summary>The call these frames answer.</summary>
    public SealedStreamRequest Expected => expected;

    /// <summary>
    /// Takes the next frame over. A batch comes back opened in the array it arrived in, every byte of it behind a tag that
    /// held; other frames answer null.
    /// </summary>
    /// <exception cref="ProofRefusedException">The frame does not belong here or does not open; the call is dead.</exception>
    public OpenedBatch? Take(ExtractFrame frame)
    {
        try
        {
            if (Trailer is not null)
            {
                throw Refuse(SealedStreamRefusal.AfterTrailer);
            }

            switch (frame)
            {
                case HeaderFrame header:
                    Open(header.Header);
                    return null;
                case BatchFrame batch:
                    return Open(batch);
                case TrailerFrame trailer when _reader is not null:
                    Trailer = trailer.Trailer;
                    return null;
                default:
                    throw Refuse(SealedStreamRefusal.HeaderMalformed);
            }
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }

    /// <summary>Adds a batch to the running digest; batches come in order, from one thread at a time.</summary>
    public void Digest(OpenedBatch batch)
    {
        Span<byte> digest = stackalloc byte[BatchDigest.Size];
        BatchDigest.Compute(_reader!.DigestSalt, batch.Index, batch.Rows, batch.Message.Span, digest);
        _reader.Advance(digest);
        batch.RunningDigest = _reader.CurrentDigest.ToArray();
    }

    /// <summary>Where a next call would go on, when every opened batch was digested; the start if no header came.</summary>
    public ExtractPosition Position(ExtractPosition start) => _reader is null || _reader.DigestedBatches == 0
        ? start
        : new ExtractPosition(_reader.DigestedBatches, _reader.CurrentDigest.ToArray(), _reader.Rows);

    /// <summary>Opens the trailer, when every opened batch was digested.</summary>
    /// <exception cref="ProofRefusedException">It does not hold; everything of this extract is to be discarded.</exception>
    public TrailerFacts Finish()
    {
        try
        {
            return _reader!.OpenTrailer(Trailer!.SealedTrailer.Span, Trailer.Signature.Span);
        }
        catch (SealedStreamException cause)
        {
            throw Refuse(cause.Refusal, cause);
        }
    }

    public void Dispose() => _reader?.Dispose();

    private static ProofRefusedException Refuse(SealedStreamRefusal refusal, Exception? cause = null) =>
        new(ClientReasons.SealRefused, refusal.ToString(), cause);

    private void Open(Wire.ExtractHeader header)
    {
        if (_reader is not null)
        {
            throw Refuse(SealedStreamRefusal.HeaderMalformed);
        }

        if (!header.Schema.Span.SequenceEqual(extract.Schema.Bytes))
        {
            throw Refuse(SealedStreamRefusal.SchemaChanged);
        }

        try
        {
            _reader = SealedStreamReader.Open(expected, header.SealedStreamHeader.Span, trust.Recipient, trust.Sender);
            Header = header;
        }
        catch (SealedStreamException cause)
        {
            throw Refuse(cause.Refusal, cause);
        }
    }

    private OpenedBatch Open(BatchFrame frame)
    {
        if (_reader is null)
        {
            throw Refuse(SealedStreamRefusal.HeaderMalformed);
        }

        var index = _reader.NextBatchIndex;
        if (frame.BatchIndex != index)
        {
            throw Refuse(SealedStreamRefusal.BatchAltered);
        }

        try
        {
            var length = Math.Max(0, frame.Sealed.Length - Hpke.TagSize);
            _reader.OpenBatch(frame.RowCount, frame.Sealed.Span, frame.Sealed.Span[..length]);
            return new OpenedBatch(index, frame.RowCount, frame.Sealed, length);
        }
        catch (SealedStreamException cause)
        {
            throw Refuse(cause.Refusal, cause);
        }
    }
}
