using System.Security.Cryptography;
using Delivery.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Delivery.EndToEnd.Results;

/// <summary>Sends import frames, right or wrong, and gives the server's answer.</summary>
internal static class Upload
{
    private const int ChunkBytes = 256 * 1024;

    /// <summary>A whole file, as it should be sent.</summary>
    public static Task<ImportResultsResponse> ImportAsync(this GrpcChannel channel, string deliveryId, ReadOnlyMemory<byte> file) =>
        channel.SendAsync(Frames(deliveryId, file));

    public static IEnumerable<ImportResultsRequest> Frames(string deliveryId, ReadOnlyMemory<byte> file)
    {
        yield return Header(deliveryId, file.Length);
        foreach (var chunk in Chunks(file))
        {
            yield return chunk;
        }

        yield return Trailer(SHA256.HashData(file.Span));
    }

    public static ImportResultsRequest Header(string deliveryId, long sizeBytes, CsvEncoding encoding = CsvEncoding.Utf8) => new()
    {
        Header = new ImportHeader { SourceDeliveryId = deliveryId, Encoding = encoding, Delimiter = CsvDelimiter.Comma, SizeBytes = sizeBytes },
    };

    public static IEnumerable<ImportResultsRequest> Chunks(ReadOnlyMemory<byte> file)
    {
        for (var at = 0; at < file.Length; at += ChunkBytes)
        {
            yield return Chunk(file.Slice(at, Math.Min(ChunkBytes, file.Length - at)));
        }
    }

    public static ImportResultsRequest Chunk(ReadOnlyMemory<byte> content) => new() { Chunk = new ImportChunk { Content = UnsafeByteOperations.UnsafeWrap(content) } };

    public static ImportResultsRequest Trailer(byte[] digest) => new() { Trailer = new ImportTrailer { Sha256 = ByteString.CopyFrom(digest) } };

    /// <summary>Sends frames until they end or the server has answered, which it may do early.</summary>
    public static async Task<ImportResultsResponse> SendAsync(this GrpcChannel channel, IEnumerable<ImportResultsRequest> frames)
    {
        using var call = new IntakeService.IntakeServiceClient(channel).ImportResults();
        var answer = call.ResponseAsync;
        try
        {
            foreach (var frame in frames)
            {
                var write = call.RequestStream.WriteAsync(frame);
                if (await Task.WhenAny(write, answer) == answer)
                {
                    return await answer;
                }

                await write;
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // The server had answered already; its answer says more than the broken write.
        }

        return await answer;
    }
}
