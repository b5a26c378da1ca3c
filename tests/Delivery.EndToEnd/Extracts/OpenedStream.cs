using System.Security.Cryptography;
using Delivery.Protocol.Sealing;
using Delivery.Protocol.V1;

namespace Delivery.EndToEnd.Extracts;

/// <summary>A call being opened as it is read: each batch is kept only after its seal held.</summary>
internal sealed class OpenedStream(ExtractCall call, Extract extract, HpkePrivateKey key, ECDsa sender, long rowsBefore) : IDisposable
{
    private SealedStreamReader? _reader;

    public ExtractCall Call => call;

    public Extract Extract => extract;

    public ExtractHeader Header { get; private set; } = new();

    /// <summary>Opened batches of this call, in order.</summary>
    public List<byte[]> Batches { get; } = [];

    public ExtractTrailer? Trailer { get; private set; }

    public TrailerFacts? Facts { get; private set; }

    public long Rows => _reader!.Rows;

    public long NextBatch => _reader!.NextBatchIndex;

    public byte[] RunningDigest => _reader!.CurrentDigest.ToArray();

    /// <summary>Reads one frame; false after the last.</summary>
    public async Task<bool> ReadAsync()
    {
        if (await call.NextAsync() is not { } frame)
        {
            return false;
        }

        switch (frame.FrameCase)
        {
            case StreamExtractResponse.FrameOneofCase.Header:
                Header = frame.Header;
                _reader = SealedStreamReader.Open(Expected(), frame.Header.SealedStreamHeader.Span, key, sender);
                break;
            case StreamExtractResponse.FrameOneofCase.Batch:
                Open(frame.Batch);
                break;
            case StreamExtractResponse.FrameOneofCase.Trailer:
                Trailer = frame.Trailer;
                Facts = _reader!.OpenTrailer(frame.Trailer.SealedTrailer.Span, frame.Trailer.Signature.Span);
                break;
            case StreamExtractResponse.FrameOneofCase.None:
            default:
                Assert.Fail("A frame holds nothing.");
                break;
        }

        return true;
    }

    /// <summary>Reads the header and some batches.</summary>
    public async Task ReadBatchesAsync(int count)
    {
        while (Batches.Count < count)
        {
            Assert.True(await ReadAsync());
        }
    }

    public async Task ReadToEndAsync()
    {
        while (await ReadAsync())
        {
        }

        Assert.NotNull(Trailer);
    }

    public void Dispose()
    {
        _reader?.Dispose();
        call.Dispose();
    }

    private void Open(ExtractBatch batch)
    {
        Assert.Equal(_reader!.NextBatchIndex, batch.BatchIndex);
        var plain = new byte[batch.Ciphertext.Length - Hpke.TagSize];
        _reader.OpenBatch(batch.RowCount, batch.Ciphertext.Span, plain);
        var digest = new byte[BatchDigest.Size];
        BatchDigest.Compute(_reader.DigestSalt, batch.BatchIndex, batch.RowCount, plain, digest);
        _reader.Advance(digest);
        Batches.Add(plain);
    }

    private SealedStreamRequest Expected() => new()
    {
        Suite = key.Suite,
        RecipientKeyId = key.PublicKey.Id,
        SenderKeyId = SenderKey.IdOf(sender),
        CallId = call.Request.CallId.Memory,
        ProjectId = call.Request.ProjectId,
        ApprovalVersion = (uint)call.Request.ApprovalVersion,
        ExtractId = call.Request.ExtractId,
        SchemaFingerprint = call.Request.SchemaFingerprint.Memory,
        FirstBatchIndex = call.Request.FirstBatch,
        RunningDigest = call.Request.RunningDigest.IsEmpty ? new byte[BatchDigest.Size] : call.Request.RunningDigest.Memory,
        RowsBefore = rowsBefore,
    };
}
