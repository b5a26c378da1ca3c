using System.Security.Cryptography;
using System.Threading.Channels;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Sealing;
using Delivery.Protocol.V1;
using Delivery.Server.Catalogue;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Delivery.Server.Telemetry;
using Delivery.Server.TransferLog;
using Google.Protobuf;
using Grpc.Core;

namespace Delivery.Server.Extracts;

/// <summary>What a stream needs of the server.</summary>
internal sealed record ExtractStreamParts(Store Store, PartitionKeys Keys, ExtractDesk Desk, Checkpoints Checkpoints, ExtractOptions Options, CprPolicy CprPolicy, TimeProvider Clock);

/// <summary>
/// Sends one opened extract. One task reads, selects and hashes batches ahead; this one gathers them into windows, has each window recorded,
/// and only then seals and writes it. Memory is one window and a few batches, whatever the extract's size. Used once.
/// </summary>
internal sealed class ExtractStream(OpenedExtract extract, SealedStreamWriter sealer, ExtractStreamParts parts, StreamSignals signals)
{
    // Batches made ahead of the window: enough to keep reading while a window is committed and sent. Many streams at once each hold as many.
    private const int BatchesAheadMax = 2;

    // Under a usual batch, so that the first of them is sent by itself.
    private const int FirstWindowPart = 8;

    private readonly Channel<(PlainBatch Batch, byte[] Digest)> _ahead =
        Channel.CreateBounded<(PlainBatch, byte[])>(new BoundedChannelOptions(BatchesAheadMax) { SingleReader = true, SingleWriter = true });

    /// <summary>Writes header, batches and trailer.</summary>
    /// <param name="frames">The call's response stream.</param>
    /// <param name="knownLogSize">Size of the newest checkpoint the caller has seen.</param>
    /// <param name="cancellation">Ends when the caller goes away.</param>
    public async Task SendAsync(IServerStreamWriter<ExtractFrame> frames, long knownLogSize, CancellationToken cancellation)
    {
        await WriteAsync(frames, ExtractFrame.Of(Header()), cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = Task.Run(() => ReadAheadAsync(stop.Token), CancellationToken.None);
        try
        {
            var end = await SendBatchesAsync(frames, cancellation);
            await reading;
            await WriteAsync(frames, ExtractFrame.Of(await TrailerAsync(end, knownLogSize, cancellation)), cancellation);
        }
        finally
        {
            await stop.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (_ahead.Reader.TryRead(out var left))
            {
                left.Batch.Dispose();
            }
        }
    }

    private async Task ReadAheadAsync(CancellationToken cancellation)
    {
        try
        {
            using var reader = new SegmentReader(parts.Store, parts.Keys);
            var builder = new BatchBuilder(extract.Plan, reader, parts.CprPolicy);
            for (var index = extract.Start.Batch; index < extract.Plan.Segments.Count; index++)
            {
                var batch = builder.Build(extract.Plan.Segments[(int)index]);
                var digest = new byte[BatchDigest.Size];
                BatchDigest.Compute(extract.DigestSalt, index, batch.Rows, batch.Message, digest);
                await _ahead.Writer.WriteAsync((batch, digest), cancellation);
            }

            _ahead.Writer.Complete();
        }
        catch (Exception exception)
        {
            _ahead.Writer.Complete(exception);
        }
    }

    private async Task<ExtractPosition> SendBatchesAsync(IServerStreamWriter<ExtractFrame> frames, CancellationToken cancellation)
    {
        var window = new List<PlainBatch>(parts.Options.WindowBatches);
        var after = new List<ExtractPosition>(parts.Options.WindowBatches);
        var position = extract.Start with { RunningDigest = sealer.CurrentDigest.ToArray() };
        try
        {
            while (await _ahead.Reader.WaitToReadAsync(cancellation))
            {
                while (_ahead.Reader.TryRead(out var next))
                {
                    window.Add(next.Batch);
                    sealer.Advance(next.Digest);
                    position = new ExtractPosition(position.Batch + 1, position.Rows + next.Batch.Rows, sealer.CurrentDigest.ToArray());
                    after.Add(position);
                    if (window.Count == parts.Options.WindowBatches || window.Sum(batch => (long)batch.Length) >= WindowBytes(after[0]))
                    {
                        await SendWindowAsync(frames, window, after, cancellation);
                    }
                }
            }

            await SendWindowAsync(frames, window, after, cancellation);
            return position;
        }
        finally
        {
            window.ForEach(batch => batch.Dispose());
        }
    }

    // The first window of a call closes early: who waits for an extract to begin does not wait for megabytes to be read.
    private long WindowBytes(ExtractPosition first) =>
        first.Batch == extract.Start.Batch + 1 ? parts.Options.WindowBytes / FirstWindowPart : parts.Options.WindowBytes;

    private async Task SendWindowAsync(IServerStreamWriter<ExtractFrame> frames, List<PlainBatch> window, List<ExtractPosition> after, CancellationToken cancellation)
    {
        if (window.Count == 0)
        {
            return;
        }

        var sealedBytes = window.Sum(batch => (long)SealedStreamWriter.SealedSize(batch.Length));
        using var span = signals.Window(window.Count, sealedBytes);
        // The promise of the log: the range is on disk before its first byte can leave.
        await parts.Desk.ReleaseAsync(extract, after[0].Batch - 1, after, sealedBytes);
        foreach (var batch in window)
        {
            await WriteAsync(frames, ExtractFrame.Of(sealer, batch), cancellation);
            signals.Sent(batch.Rows, SealedStreamWriter.SealedSize(batch.Length));
            batch.Dispose();
        }

        window.Clear();
        after.Clear();
    }

    private async Task WriteAsync(IServerStreamWriter<ExtractFrame> frames, ExtractFrame frame, CancellationToken cancellation)
    {
        try
        {
            await frames.WriteAsync(frame, cancellation).WaitAsync(parts.Options.NoProgressTimeout, parts.Clock, cancellation);
        }
        catch (TimeoutException)
        {
            throw RefusedException.By("E_NO_PROGRESS");
        }
    }

    private StreamExtractResponse Header() => new()
    {
        Header = new ExtractHeader
        {
            SealedStreamHeader = UnsafeByteOperations.UnsafeWrap(sealer.HeaderBytes),
            Schema = UnsafeByteOperations.UnsafeWrap(extract.Plan.Schema.Message),
            Warnings =
            {
                ComparabilityRules.For(extract.Plan.Scope).Select(warning => new Protocol.V1.ComparabilityWarning
                {
                    Code = warning.Code, TextDa = warning.Text.Danish, TextEn = warning.Text.English,
                }),
            },
        },
    };

    private async Task<StreamExtractResponse> TrailerAsync(ExtractPosition end, long knownLogSize, CancellationToken cancellation)
    {
        var quality = extract.Plan.QualityDigest();
        var leaf = await parts.Desk.CompleteAsync(extract, end, quality);
        var proven = await parts.Checkpoints.ProveAsync(leaf, knownLogSize, cancellation);
        var trailer = sealer.SealTrailer(quality, SHA256.HashData(proven.Proof));
        return new StreamExtractResponse
        {
            Trailer = new ExtractTrailer
            {
                SealedTrailer = UnsafeByteOperations.UnsafeWrap(trailer.Sealed),
                Signature = UnsafeByteOperations.UnsafeWrap(trailer.Signature),
                LogLeaf = UnsafeByteOperations.UnsafeWrap(proven.Leaf),
                LogProof = UnsafeByteOperations.UnsafeWrap(proven.Proof),
                QualityReports = { extract.Plan.Partitions.Select(partition => UnsafeByteOperations.UnsafeWrap(partition.QualityReport)) },
                ConsistencyHashes = { proven.Consistency.Select(hash => ByteString.CopyFrom(hash.ToArray())) },
                LaterErratumDocuments = { LaterErrata() },
            },
        };
    }

    // The schema is fixed when an extract is first opened, so that a resumed call brings the same bytes. What became known since comes at the end.
    private IEnumerable<ByteString> LaterErrata()
    {
        var plan = extract.Plan;
        var carried = plan.Errata.Select(known => known.Erratum.Id).ToHashSet(StringComparer.Ordinal);
        return parts.Store.Read(db => ErratumDesk.Concerning(db, plan.Scope.RestrictedTo(plan.Programme), plan.Reads))
            .Where(known => !carried.Contains(known.Erratum.Id))
            .Select(known => ByteString.CopyFrom(known.Document));
    }
}
