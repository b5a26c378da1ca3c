using System.Runtime.CompilerServices;
using Delivery.Client.Refusals;

namespace Delivery.Client.Extracts;

/// <summary>
/// An extract being read batch by batch, resumed by itself when a connection breaks. Once the batches have been read to
/// their end the extract is proven; before that it counts as cut. One reader; dispose it to end the call and wipe what is left.
/// </summary>
public sealed class OpenedExtract : IAsyncDisposable
{
    internal OpenedExtract(ExtractInfo extract) => Extract = extract;

    /// <summary>The extract.</summary>
    public ExtractInfo Extract { get; }

    /// <summary>Comparability reservations to carry on.</summary>
    public IReadOnlyList<ExtractWarning> Warnings => throw new NotImplementedException();

    /// <summary>What was proven; only after the batches were read to their end.</summary>
    /// <exception cref="InvalidOperationException">They were not.</exception>
    public ExtractProof Proof => throw new NotImplementedException();

    /// <summary>The batches in order, each valid until the next. Call it once.</summary>
    /// <exception cref="ProofRefusedException">A seal, a digest or the log proof does not hold; discard all of it.</exception>
    /// <exception cref="DeliveryClientException">The server refused, or could not be reached any more.</exception>
    public async IAsyncEnumerable<ExtractBatch> ReadBatchesAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await Task.CompletedTask;
        yield break;
    }

    /// <summary>Sends the signed receipt; the batches must have been read to their end. Repeating it is harmless.</summary>
    public Task<ExtractReceipt> AcknowledgeAsync(CancellationToken cancellation = default) => throw new NotImplementedException();

    /// <summary>Tells that the pseudonymised output stands at its place; returns the index of the leaf.</summary>
    /// <param name="rowCount">Rows written.</param>
    /// <param name="outputSha256">SHA-256 of the output, 32 bytes.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public Task<long> ReportPseudonymisedAsync(long rowCount, ReadOnlyMemory<byte> outputSha256, CancellationToken cancellation = default) =>
        throw new NotImplementedException();

    /// <summary>Ends the call if it still runs and wipes what was not read.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
