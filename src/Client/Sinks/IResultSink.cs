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

    /// <summary>Takes up an output that ends with a whole batch, instead of beginning one.</summary>
    /// <param name="written">What stands in it, to be read from its beginning.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask ResumeAsync(Stream written, CancellationToken cancellation);

    /// <summary>Writes one batch; it is not referred to afterwards.</summary>
    ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellation);

    /// <summary>Writes what follows the last row.</summary>
    ValueTask CompleteAsync(CancellationToken cancellation);
}
