using System.Diagnostics.Metrics;

namespace Delivery.Server.Telemetry;

/// <summary>
/// What the server counts and measures, one instrument to a line of the table in docs/operations.md. Attributes are codes of short lists only: no
/// project, extract, organisation or person is ever told apart. Counting costs nothing while nobody listens. Threads may share it.
/// </summary>
internal static class ServerMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Delivery.Server";

    private static readonly Meter Meter = new(MeterName);

    // Calls last from milliseconds to the minutes of a whole register; a commit about as long as one write to a disk.
    private static readonly InstrumentAdvice<double> CallSeconds =
        new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900] };

    private static readonly InstrumentAdvice<double> CommitSeconds =
        new() { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5] };

    public static readonly Histogram<double> CallDuration =
        Meter.CreateHistogram<double>("rpc.server.call.duration", "s", "From the guard's door to the last frame.", advice: CallSeconds);

    public static readonly Counter<long> Refusals =
        Meter.CreateCounter<long>("delivery.refusals", "{refusal}", "Calls refused, by the first code they were refused with.");

    public static readonly Counter<long> FailedHandshakes =
        Meter.CreateCounter<long>("delivery.handshakes.failed", "{connection}", "Connections that ended before TLS was agreed.");

    public static readonly UpDownCounter<long> OpenStreams =
        Meter.CreateUpDownCounter<long>("delivery.stream.open", "{stream}", "Extract streams open now.");

    public static readonly Counter<long> EndedStreams =
        Meter.CreateCounter<long>("delivery.stream.ended", "{stream}", "Extract streams that ended, by how.");

    public static readonly Counter<long> DeliveredRows =
        Meter.CreateCounter<long>("delivery.stream.rows", "{row}", "Rows written to extract streams, repeated ones included.");

    public static readonly Counter<long> DeliveredBytes =
        Meter.CreateCounter<long>("delivery.stream.bytes", "By", "Sealed bytes of those rows.");

    public static readonly Counter<long> DeliveredBatches =
        Meter.CreateCounter<long>("delivery.stream.batches", "{batch}", "Batches those rows came in.");

    public static readonly UpDownCounter<long> OpenImports =
        Meter.CreateUpDownCounter<long>("delivery.import.open", "{import}", "Imports under way now.");

    public static readonly Counter<long> EndedImports =
        Meter.CreateCounter<long>("delivery.import.ended", "{import}", "Imports that ended, by how.");

    public static readonly Counter<long> ImportedRows =
        Meter.CreateCounter<long>("delivery.import.rows", "{row}", "Rows of completed imports, accepted or rejected.");

    public static readonly Counter<long> ImportedBytes =
        Meter.CreateCounter<long>("delivery.import.bytes", "By", "Bytes of results files as they arrive.");

    public static readonly Counter<long> ImportFaults =
        Meter.CreateCounter<long>("delivery.import.faults", "{fault}", "Findings about rows of completed imports, by code.");

    public static readonly Histogram<double> CommitDuration =
        Meter.CreateHistogram<double>("delivery.store.commit.duration", "s", "From asking the store to commit until it is on disk.", advice: CommitSeconds);

    public static readonly Counter<long> Changes =
        Meter.CreateCounter<long>("delivery.store.changes", "{change}", "Changes that were committed; divided by the commits, how many share one.");
}
