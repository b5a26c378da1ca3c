using System.Buffers.Binary;
using Delivery.Protocol.Sealing;
using Delivery.Protocol.V1;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Microsoft.EntityFrameworkCore;

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

    /// <summary>Where a call begins: at the beginning, or where it says an earlier one ended, if the digests agree there.</summary>
    public static ExtractPosition Require(DeliveryDb db, StreamExtractRequest request, ExtractPlan plan)
    {
        if (request.FirstBatch == 0 && request.RunningDigest.IsEmpty)
        {
            return ExtractPosition.Beginning;
        }

        // Ranges of different calls may overlap; the digests at a position are the same in all of them.
        var range = request.FirstBatch < 1 || request.FirstBatch > plan.Segments.Count ? null
            : db.Set<ExtractRangeRow>().AsNoTracking()
                .FirstOrDefault(row => row.ExtractId == request.ExtractId && row.FromBatch < request.FirstBatch && row.ToBatch >= request.FirstBatch);
        var position = range is null ? null : Find(range, request.FirstBatch);
        return position is not null && position.RunningDigest.AsSpan().SequenceEqual(request.RunningDigest.Span)
            ? position
            : throw RefusedException.By("E_RESUME_MISMATCH");
    }
}
