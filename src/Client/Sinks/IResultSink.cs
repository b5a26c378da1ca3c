using Delivery.Protocol.Arrow;

namespace Delivery.Client.Sinks;

/// <summary>
/// Turns opened batches into the pseudonymised output. Identifiers are replaced before a byte is written. One owner, one
/// thread at a time; it writes to a file that stays the caller's.
/// </summary>
internal interface IResultSink
{
    /// <summary>Writes what precedes the first row.</summary>
    ValueTask BeginAsync(CancellationToken cancellation);

    /// <summary>Writes one batch; it is not referred to afterwards.</summary>
    ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellation);

    /// <summary>Writes what follows the last row.</summary>
    ValueTask CompleteAsync(CancellationToken cancellation);
}
