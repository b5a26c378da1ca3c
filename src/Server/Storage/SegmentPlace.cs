using System.Buffers.Binary;
using Delivery.Protocol.Domain;

namespace Delivery.Server.Storage;

/// <summary>Where a segment stands; what its sealed columns are bound to.</summary>
/// <param name="Columns">Bit set of the <see cref="StoredColumn"/> numbers it holds, and of how wide it holds them.</param>
internal sealed record SegmentPlace(
    long SegmentId, PartitionKey Partition, long Generation, int Ordinal, int Rows, int WithheldRows, long Columns)
{
    /// <summary>Length of <see cref="WriteBinding"/>'s bytes.</summary>
    public const int BindingBytes = 1 + 1 + 4 + 8 + 4 + 4;

    /// <summary>Whether the segment holds the column; one that is not held is null in every row.</summary>
    public bool Holds(StoredColumn column) => (Columns >> (int)column & 1) != 0;

    /// <summary>Bytes of one value of a column it holds.</summary>
    public int WidthBytes(StoredColumn column) => StoredColumns.WidthBytes(column, Columns);

    /// <summary>Row id of a column's blob.</summary>
    public long BlobId(StoredColumn column) => (SegmentId * StoredColumns.NumbersMax) + (int)column;

    /// <summary>
    /// What a sealed column is bound to (its additional data): encoding version, column, partition, generation, ordinal, rows. A blob moved to
    /// another place does not open.
    /// </summary>
    public void WriteBinding(StoredColumn column, Span<byte> destination)
    {
        destination[0] = WidthBytes(column) == StoredColumns.WidthBytes(column) ? StoredColumns.EncodingVersion : StoredColumns.NarrowEncodingVersion;
        destination[1] = (byte)column;
        BinaryPrimitives.WriteInt32BigEndian(destination[2..], Partition.Id);
        BinaryPrimitives.WriteInt64BigEndian(destination[6..], Generation);
        BinaryPrimitives.WriteInt32BigEndian(destination[14..], Ordinal);
        BinaryPrimitives.WriteInt32BigEndian(destination[18..], Rows);
    }
}
