namespace Delivery.Client.Extracts;

/// <summary>How far the reading of an extract is.</summary>
/// <param name="ExtractId">The extract.</param>
/// <param name="Rows">Rows read, those of an earlier reading that this one goes on from included.</param>
/// <param name="RowsMax">Rows there can be; the population may select fewer.</param>
/// <param name="Batches">Batches read, those of an earlier reading included.</param>
/// <param name="BatchesTotal">Batches there are.</param>
/// <param name="SealedBytes">Sealed bytes received by this reading, repeated ones included.</param>
/// <param name="ResumedRows">Rows an earlier reading had; 0 if this one began at the beginning.</param>
/// <param name="Elapsed">Time since this reading began.</param>
/// <param name="Remaining">Time it will take yet if it goes on as fast; null before the first batch.</param>
public sealed record ExtractProgress(
    string ExtractId, long Rows, long RowsMax, long Batches, long BatchesTotal, long SealedBytes, long ResumedRows, TimeSpan Elapsed, TimeSpan? Remaining)
{
    internal static ExtractProgress Of(ExtractInfo extract, ExtractPosition from, ExtractPosition at, long sealedBytes, TimeSpan elapsed)
    {
        var brought = at.NextBatch - from.NextBatch;
        TimeSpan? remaining = brought == 0 ? null : elapsed * ((double)Math.Max(0, extract.Batches - at.NextBatch) / brought);
        return new(extract.ExtractId, at.Rows, extract.RowsMax, at.NextBatch, extract.Batches, sealedBytes, from.Rows, elapsed, remaining);
    }
}
