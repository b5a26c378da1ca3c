using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Delivery.Client.Log;
using Delivery.Client.Refusals;
using Delivery.Protocol.Arrow;
using Delivery.Protocol.Domain;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Extracts;

/// <summary>
/// An extract being read batch by batch, resumed by itself when a connection breaks. Once the batches have been read to
/// their end the extract is proven; before that it counts as cut. One reader; dispose it to end the call and wipe what is left.
/// </summary>
public sealed class OpenedExtract : IAsyncDisposable
{
    private const int QueueLength = 2;

    private readonly Channel<OpenedBatch> _batches = Channel.CreateBounded<OpenedBatch>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true, SingleWriter = true });

    private readonly TaskCompletionSource<Wire.ExtractHeader> _header = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ending = new();
    private readonly ExtractTrust _trust;
    private readonly IReceiptDesk _receipts;
    private readonly ExtractRun _run;
    private readonly ExtractPosition _start;
    private readonly TimeProvider _clock;
    private readonly long _startedAt;
    private ExtractPosition _position;
    private Task<ExtractProof>? _running;
    private ExtractProof? _proof;
    private bool _isRead;

    /// <summary>Takes over the trust.</summary>
    internal OpenedExtract(
        ExtractInfo extract,
        ExtractPosition start,
        ExtractTrust trust,
        IExtractTransport transport,
        IReceiptDesk receipts,
        CheckpointMemory memory,
        ExtractPatience patience)
    {
        (Extract, _start, _position, _trust, _receipts) = (extract, start, start, trust, receipts);
        (_clock, _startedAt) = (patience.Clock, patience.Clock.GetTimestamp());
        _run = new ExtractRun(extract, start, trust, transport, memory, patience, _batches.Writer)
        {
            HeaderAccepted = header => _header.TrySetResult(header),
        };
    }

    /// <summary>The extract.</summary>
    public ExtractInfo Extract { get; }

    /// <summary>Comparability reservations to carry on.</summary>
    public IReadOnlyList<ExtractWarning> Warnings { get; private set; } = [];

    /// <summary>What was proven; only after the batches were read to their end.</summary>
    /// <exception cref="InvalidOperationException">They were not.</exception>
    public ExtractProof Proof => _proof ?? throw new InvalidOperationException("An extract is proven when its batches were read to their end.");

    /// <summary>How far the reading is: what was handed out, and how long the rest will take.</summary>
    public ExtractProgress Progress => ExtractProgress.Of(Extract, _start, _position, _run.SealedBytes, _clock.GetElapsedTime(_startedAt));

    /// <summary>The batches in order, each valid until the next. Call it once.</summary>
    /// <exception cref="ProofRefusedException">A seal, a digest or the log proof does not hold; discard all of it.</exception>
    /// <exception cref="DeliveryClientException">The server refused, or could not be reached any more.</exception>
    public async IAsyncEnumerable<ExtractBatch> ReadBatchesAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        if (_isRead)
        {
            throw new InvalidOperationException("The batches of an opened extract are read once.");
        }

        _isRead = true;
        await foreach (var batch in _batches.Reader.ReadAllAsync(cancellation))
        {
            using (batch)
            {
                var current = Read(batch);
                _position = _position.After(batch);
                try
                {
                    yield return current;
                }
                finally
                {
                    current.Expire();
                }
            }
        }

        _proof = await _running!;
    }

    /// <summary>Sends the signed receipt; the batches must have been read to their end. Repeating it is harmless.</summary>
    public Task<ExtractReceipt> AcknowledgeAsync(CancellationToken cancellation = default) =>
        _receipts.AcknowledgeAsync(Extract, Proof, cancellation);

    /// <summary>Tells that the pseudonymised output stands at its place; returns the index of the leaf.</summary>
    /// <param name="rowCount">Rows written.</param>
    /// <param name="outputSha256">SHA-256 of the output, 32 bytes.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public Task<long> ReportPseudonymisedAsync(long rowCount, ReadOnlyMemory<byte> outputSha256, CancellationToken cancellation = default) =>
        _receipts.ReportPseudonymisedAsync(Extract, rowCount, outputSha256, cancellation);

    /// <summary>Ends the call if it still runs and wipes what was not read.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        if (_running is { } running)
        {
            // Why it ended was told to the reader, if there was one.
            await running.ContinueWith(static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        while (_batches.Reader.TryRead(out var left))
        {
            left.Dispose();
        }

        _trust.Dispose();
        _ending.Dispose();
    }

    /// <summary>Starts the run and waits for the first header.</summary>
    internal async Task StartAsync(CancellationToken cancellation)
    {
        _running = RunAsync();
        var header = await _header.Task.WaitAsync(cancellation);
        Warnings = [.. header.Warnings.Select(warning => new ExtractWarning(warning.Code, new Bilingual(warning.TextDa, warning.TextEn)))];
    }

    private async Task<ExtractProof> RunAsync()
    {
        try
        {
            var proof = await Task.Run(() => _run.RunAsync(_ending.Token));
            _batches.Writer.Complete();
            return proof;
        }
        catch (Exception failure)
        {
            // Batches that opened before it are still handed on; the reader meets the failure after them.
            _header.TrySetException(failure);
            _ = _header.Task.Exception;
            _batches.Writer.Complete(failure);
            throw;
        }
    }

    private ExtractBatch Read(OpenedBatch batch)
    {
        try
        {
            var content = RecordBatchReader.Read(Extract.Schema.Arrow, batch.Message);
            if (content.RowCount != batch.Rows)
            {
                throw new DeliveryClientException(ClientReasons.SchemaUnexpected, "row count");
            }

            Extract.Schema.CheckIndexes(content);
            var after = _position.After(batch);
            return new ExtractBatch(new ExtractBookmark(Extract.ExtractId, after.NextBatch, after.RunningDigest, after.Rows), content, Extract.Schema);
        }
        catch (ArrowFormatException cause)
        {
            throw new DeliveryClientException(ClientReasons.SchemaUnexpected, cause.Code.ToString(), cause);
        }
    }
}
