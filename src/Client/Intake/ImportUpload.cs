using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Intake;

/// <summary>Sends one file as header, chunks and trailer, hashing it in passing. One use.</summary>
internal sealed class ImportUpload(
    AsyncClientStreamingCall<Wire.ImportResultsRequest, Wire.ImportResultsResponse> call, Stream content, IProgress<ImportProgress>? progress)
{
    // Half the largest chunk the server takes; above 256 KiB a larger chunk gains nothing.
    private const int ChunkSizeBytes = 512 << 10;

    // What HTTP/2 lets a client send unasked (RFC 9113, 6.9.2). More went out only because the server gave credit for it, and it talks to no
    // stranger: a break after that is about the network, not about our certificate.
    private const int UnaskedBytesMax = 65_535;

    /// <summary>Called when the server has taken more than it must without having answered.</summary>
    public required Action CreditGiven { private get; init; }

    /// <summary>Sends the file. Returns early when the server answers early; the answer is the call's.</summary>
    public async Task SendAsync(ImportOptions options, CancellationToken cancellation)
    {
        var total = content.Length;
        if (!await WriteAsync(new Wire.ImportResultsRequest { Header = Header(options, total) }))
        {
            return;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chunk = new byte[ChunkSizeBytes];
        try
        {
            for (long sent = 0; sent < total;)
            {
                var read = await content.ReadAtLeastAsync(chunk, (int)Math.Min(chunk.Length, total - sent), throwOnEndOfStream: true, cancellation);
                read = (int)Math.Min(read, total - sent);
                hash.AppendData(chunk, 0, read);

                // The write is over before the array is filled again, so the message may look into it.
                var bytes = UnsafeByteOperations.UnsafeWrap(chunk.AsMemory(0, read));
                if (!await WriteAsync(new Wire.ImportResultsRequest { Chunk = new Wire.ImportChunk { Content = bytes } }))
                {
                    return;
                }

                sent += read;
                if (sent > UnaskedBytesMax)
                {
                    CreditGiven();
                }

                progress?.Report(new ImportProgress(sent, total));
            }
        }
        finally
        {
            // The file has CPR numbers in the clear.
            CryptographicOperations.ZeroMemory(chunk);
        }

        var trailer = new Wire.ImportTrailer { Sha256 = ByteString.CopyFrom(hash.GetHashAndReset()) };
        if (await WriteAsync(new Wire.ImportResultsRequest { Trailer = trailer }))
        {
            await call.RequestStream.CompleteAsync();
        }
    }

    /// <summary>
    /// Writes one frame; false when the server has answered instead. An upload that the server refuses can leave the write
    /// waiting for ever, so the answer is waited for at the same time.
    /// </summary>
    private async Task<bool> WriteAsync(Wire.ImportResultsRequest frame)
    {
        var write = call.RequestStream.WriteAsync(frame);
        if (await Task.WhenAny(write, call.ResponseAsync) == write && write.IsCompletedSuccessfully)
        {
            return true;
        }

        // Whatever becomes of the write, the answer says why; an unobserved failure of it would only confuse.
        _ = write.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        await call.ResponseAsync;
        return false;
    }

    private static Wire.ImportHeader Header(ImportOptions options, long total) => new()
    {
        SourceDeliveryId = options.SourceDeliveryId,
        Encoding = options.Encoding switch
        {
            CsvEncoding.Utf8 => Wire.CsvEncoding.Utf8,
            CsvEncoding.Windows1252 => Wire.CsvEncoding.Windows1252,
        },
        Delimiter = options.Delimiter switch
        {
            CsvDelimiter.Comma => Wire.CsvDelimiter.Comma,
            CsvDelimiter.Semicolon => Wire.CsvDelimiter.Semicolon,
        },
        SizeBytes = total,
    };
}
