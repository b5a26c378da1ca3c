using System.Buffers.Binary;
using Delivery.Protocol.Sealing;

namespace Delivery.Server.Extracts;

/// <summary>The positions after each batch of a range, as bytes: running digest (32), then rows up to there (8, big-endian).</summary>
internal static class ExtractPositions
{
    private const int ItemBytes = BatchDigest.Size + sizeof(long);

    public static byte[] Encode(IReadOnlyList<ExtractPosition> positions)
    {
        var bytes = new byte[positions.Count * ItemBytes];
        for (var at = 0; at < positions.Count; at++)
        {
            var item = bytes.AsSpan(at * ItemBytes, ItemBytes);
            positions[at].RunningDigest.CopyTo(item);
            BinaryPrimitives.WriteInt64BigEndian(item[BatchDigest.Size..], positions[at].Rows);
        }

        return bytes;
    }

    /// <summary>The position before a batch that lies in the range or right after it.</summary>
    public static ExtractPosition Find(ExtractRangeRow range, long batch)
    {
        var item = range.Positions.AsSpan((int)(batch - range.FromBatch - 1) * ItemBytes, ItemBytes);
        return new ExtractPosition(batch, BinaryPrimitives.ReadInt64BigEndian(item[BatchDigest.Size..]), item[..BatchDigest.Size].ToArray());
    }
}
