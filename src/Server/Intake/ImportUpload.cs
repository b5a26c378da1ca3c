using System.Security.Cryptography;
using Delivery.Protocol.V1;
using Delivery.Server.Refusals;
using Delivery.Server.Telemetry;
using Google.Protobuf;
using Grpc.Core;

namespace Delivery.Server.Intake;

/// <summary>
/// The frames of one upload: a header, chunks, a trailer, in that order and nothing else. Counts and hashes what arrives. The next chunk is asked for
/// when the last one was read, so that whoever reads slowly holds the sender back. One thread.
/// </summary>
internal sealed class ImportUpload(IAsyncStreamReader<ImportResultsRequest> frames) : IDisposable
{
    private const int ChunkBytesMax = 1 << 20;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private ReadOnlyMemory<byte> _chunk;
    private long _announcedBytes;
    private long _receivedBytes;

    /// <summary>SHA-256 of the file, once <see cref="ReadAsync"/> has come to its end.</summary>
    public byte[] Digest { get; private set; } = [];

    public async Task<ImportHeader> ReadHeaderAsync(CancellationToken cancellation)
    {
        if (!await MoveNextAsync(cancellation) || frames.Current.FrameCase != ImportResultsRequest.FrameOneofCase.Header)
        {
            throw RefusedException.By("E_IMPORT_SEQUENCE", "header");
        }

        _announcedBytes = frames.Current.Header.SizeBytes;
        return frames.Current.Header;
    }

    /// <summary>Reads the next bytes of the file; 0 once all have been read and their length and digest are as the sender says.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellation)
    {
        while (_chunk.IsEmpty)
        {
            if (Digest.Length > 0 || !await ReadChunkAsync(cancellation))
            {
                return 0;
            }
        }

        var read = Math.Min(destination.Length, _chunk.Length);
        _chunk[..read].CopyTo(destination);
        _chunk = _chunk[read..];
        return read;
    }

    /// <summary>Reads to the end of the file and keeps nothing but its digest.</summary>
    public async Task SkipAsync(CancellationToken cancellation)
    {
        while (await ReadChunkAsync(cancellation))
        {
        }
    }

    public void Dispose() => _hash.Dispose();

    // False at the trailer.
    private async ValueTask<bool> ReadChunkAsync(CancellationToken cancellation)
    {
        if (!await MoveNextAsync(cancellation))
        {
            throw RefusedException.By("E_IMPORT_SEQUENCE", "trailer");
        }

        var frame = frames.Current;
        if (frame.FrameCase == ImportResultsRequest.FrameOneofCase.Trailer)
        {
            Digest = _hash.GetHashAndReset();
            CheckEnd(frame.Trailer);
            return false;
        }

        if (frame.FrameCase != ImportResultsRequest.FrameOneofCase.Chunk || frame.Chunk.Content.Length > ChunkBytesMax)
        {
            throw RefusedException.By("E_IMPORT_SEQUENCE", "chunk");
        }

        _chunk = frame.Chunk.Content.Memory;
        _receivedBytes += _chunk.Length;
        ServerMetrics.ImportedBytes.Add(_chunk.Length);
        if (_receivedBytes > _announcedBytes)
        {
            throw RefusedException.By("E_IMPORT_SIZE");
        }

        _hash.AppendData(_chunk.Span);
        return true;
    }

    private async Task<bool> MoveNextAsync(CancellationToken cancellation)
    {
        try
        {
            return await frames.MoveNext(cancellation);
        }
        catch (InvalidProtocolBufferException)
        {
            throw RefusedException.By("E_MESSAGE_MALFORMED", "frame");
        }
    }

    private void CheckEnd(ImportTrailer trailer)
    {
        if (_receivedBytes != _announcedBytes)
        {
            throw RefusedException.By("E_IMPORT_SIZE");
        }

        if (!trailer.Sha256.Span.SequenceEqual(Digest))
        {
            throw RefusedException.By("E_IMPORT_DIGEST");
        }
    }
}
