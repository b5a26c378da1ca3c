using System.IO.Pipelines;
using System.Security.Cryptography;
using Delivery.Protocol.V1;
using Delivery.Server.Refusals;
using Google.Protobuf;
using Grpc.Core;

namespace Delivery.Server.Intake;

/// <summary>The frames of one upload: a header, chunks, a trailer, in that order and nothing else. Counts and hashes what arrives. One thread.</summary>
internal sealed class ImportUpload(IAsyncStreamReader<ImportResultsRequest> frames)
{
    private const int ChunkBytesMax = 1 << 20;

    private long _announcedBytes;

    /// <summary>SHA-256 of the file, once <see cref="CopyToAsync"/> has returned.</summary>
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

    /// <summary>Copies the file on, then checks its length and digest. Completes the writer either way; stops when nobody reads any more.</summary>
    public async Task CopyToAsync(PipeWriter destination, CancellationToken cancellation)
    {
        try
        {
            await CopyAsync(destination, cancellation);
            await destination.CompleteAsync();
        }
        catch (Exception exception)
        {
            await destination.CompleteAsync(exception);
            throw;
        }
    }

    private async Task CopyAsync(PipeWriter destination, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var received = 0L;
        while (await MoveNextAsync(cancellation))
        {
            var frame = frames.Current;
            if (frame.FrameCase == ImportResultsRequest.FrameOneofCase.Trailer)
            {
                Digest = hash.GetHashAndReset();
                CheckEnd(frame.Trailer, received);
                return;
            }

            if (frame.FrameCase != ImportResultsRequest.FrameOneofCase.Chunk || frame.Chunk.Content.Length > ChunkBytesMax)
            {
                throw RefusedException.By("E_IMPORT_SEQUENCE", "chunk");
            }

            received += frame.Chunk.Content.Length;
            if (received > _announcedBytes)
            {
                throw RefusedException.By("E_IMPORT_SIZE");
            }

            hash.AppendData(frame.Chunk.Content.Span);
            if ((await destination.WriteAsync(frame.Chunk.Content.Memory, cancellation)).IsCompleted)
            {
                return;
            }
        }

        throw RefusedException.By("E_IMPORT_SEQUENCE", "trailer");
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

    private void CheckEnd(ImportTrailer trailer, long received)
    {
        if (received != _announcedBytes)
        {
            throw RefusedException.By("E_IMPORT_SIZE");
        }

        if (!trailer.Sha256.Span.SequenceEqual(Digest))
        {
            throw RefusedException.By("E_IMPORT_DIGEST");
        }
    }
}
