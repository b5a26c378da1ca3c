namespace Delivery.Server.Storage;

/// <summary>Reads sealed columns of segments. One thread.</summary>
internal abstract class ColumnSource : IDisposable
{
    /// <summary>The sealed bytes of one column, good until the next is read.</summary>
    /// <exception cref="InvalidDataException">There is no such column.</exception>
    public abstract ReadOnlySpan<byte> Read(SegmentPlace segment, StoredColumn column);

    /// <summary>The wrapped key of a partition, or null.</summary>
    public abstract byte[]? WrappedKey(int partitionId);

    public abstract void Dispose();
}
