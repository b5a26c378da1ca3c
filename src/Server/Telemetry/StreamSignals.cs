using System.Diagnostics;

namespace Delivery.Server.Telemetry;

/// <summary>What one extract stream tells of itself. Belongs to the stream.</summary>
internal sealed class StreamSignals : IDisposable
{
    // A stream that is disposed without a word was left by an exception nobody expected.
    private const string Unexpected = "E_INTERNAL";

    private readonly KeyValuePair<string, object?> _programme;
    private readonly Activity? _span;
    private string? _outcome;

    /// <param name="programme">Code of the programme.</param>
    /// <param name="callId">The call's own random id, hexadecimal.</param>
    /// <param name="firstBatch">Where it begins: above zero when it resumes.</param>
    public StreamSignals(string programme, string callId, long firstBatch)
    {
        _programme = new("delivery.programme", programme);
        ServerMetrics.OpenStreams.Add(1, _programme);
        _span = ServerTraces.Start("delivery.extract.stream")?
            .SetTag("delivery.programme", programme).SetTag("delivery.call.id", callId).SetTag("delivery.first_batch", firstBatch);
    }

    /// <summary>A window that is recorded and then sent.</summary>
    public Activity? Window(int batches, long sealedBytes) =>
        ServerTraces.Start("delivery.extract.window")?.SetTag("delivery.batches", batches).SetTag("delivery.bytes", sealedBytes);

    /// <summary>A batch is with the transport.</summary>
    public void Sent(long rows, long sealedBytes)
    {
        ServerMetrics.DeliveredRows.Add(rows, _programme);
        ServerMetrics.DeliveredBytes.Add(sealedBytes, _programme);
        ServerMetrics.DeliveredBatches.Add(1, _programme);
    }

    /// <summary>Everything was sent, with its proof.</summary>
    public void Complete() => _outcome = "completed";

    /// <summary>It ended early.</summary>
    public void Abort(string code) => _outcome = code;

    public void Dispose()
    {
        var outcome = _outcome ?? Unexpected;
        ServerMetrics.OpenStreams.Add(-1, _programme);
        ServerMetrics.EndedStreams.Add(1, _programme, new("delivery.outcome", outcome));
        _span?.SetTag("delivery.outcome", outcome);
        if (outcome != "completed")
        {
            _span.Fail(outcome);
        }

        _span?.Dispose();
    }
}
