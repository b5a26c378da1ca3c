using System.Buffers.Binary;
using System.Security.Cryptography;
using Delivery.Protocol.Domain;
using Delivery.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Delivery.Server.Extracts;

/// <summary>One partition in the state an extract reads it.</summary>
internal sealed record PinnedPartition(PartitionKey Partition, long Generation, byte[] QualityDigest);

/// <summary>
/// What an extract reads, decided before a row is touched: the approved partitions in key order, each in one generation, segment by
/// segment. One segment becomes one batch, so the batches of a plan are the same in every call.
/// </summary>
internal sealed class ExtractPlan
{
    private ExtractPlan(Scope scope, Programme programme, IReadOnlyList<PinnedPartition> partitions, IReadOnlyList<SegmentPlace> segments)
    {
        Scope = scope;
        Programme = programme;
        Partitions = partitions;
        Segments = segments;
        Schema = new ExtractSchema(scope, programme);
    }

    public Scope Scope { get; }

    public Programme Programme { get; }

    public IReadOnlyList<PinnedPartition> Partitions { get; }

    /// <summary>Batch by batch.</summary>
    public IReadOnlyList<SegmentPlace> Segments { get; }

    public ExtractSchema Schema { get; }

    /// <summary>Rows at the most; the population may select fewer.</summary>
    public long RowsMax => Segments.Sum(segment => (long)segment.Rows - segment.WithheldRows);

    /// <summary>Plans on the generations that are current now.</summary>
    public static ExtractPlan Current(DeliveryDb db, Scope scope, Programme programme)
    {
        var ids = scope.PartitionsOf(programme).Select(partition => partition.Id).ToHashSet();
        var pins = db.Set<PartitionRow>().AsNoTracking().AsEnumerable()
            .Where(row => row.CurrentGeneration > 0 && ids.Contains(row.PartitionId))
            .ToDictionary(row => row.PartitionId, row => row.CurrentGeneration);
        return On(db, scope, programme, pins);
    }

    /// <summary>Plans on the generations an extract has pinned.</summary>
    public static ExtractPlan Pinned(DeliveryDb db, Scope scope, Programme programme, string extractId) =>
        On(db, scope, programme, db.Set<GenerationPinRow>().AsNoTracking()
            .Where(row => row.Holder == extractId)
            .ToDictionary(row => row.PartitionId, row => row.Generation));

    /// <summary>SHA-256 over partition id and generation of each partition, big-endian, in order: names the snapshot in the log.</summary>
    public byte[] SnapshotDigest() => Digest(12, (partition, bytes) =>
    {
        BinaryPrimitives.WriteInt32BigEndian(bytes, partition.Partition.Id);
        BinaryPrimitives.WriteInt64BigEndian(bytes[4..], partition.Generation);
    });

    /// <summary>SHA-256 over the digests of the partitions' quality reports, in order.</summary>
    public byte[] QualityDigest() => Digest(SHA256.HashSizeInBytes, (partition, bytes) => partition.QualityDigest.CopyTo(bytes));

    private static ExtractPlan On(DeliveryDb db, Scope scope, Programme programme, Dictionary<int, long> generations)
    {
        // Only what the scope names is ever looked up, whatever was pinned.
        var partitions = new List<PinnedPartition>();
        var segments = new List<SegmentPlace>();
        foreach (var partition in scope.PartitionsOf(programme))
        {
            if (generations.TryGetValue(partition.Id, out var generation))
            {
                var row = db.Set<GenerationRow>().AsNoTracking().Single(row => row.PartitionId == partition.Id && row.Generation == generation);
                partitions.Add(new PinnedPartition(partition, generation, row.QualityDigest));
                segments.AddRange(PartitionStore.Segments(db, partition, generation));
            }
        }

        return new ExtractPlan(scope, programme, partitions, segments);
    }

    private byte[] Digest(int itemBytes, SpanAction write)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> item = stackalloc byte[itemBytes];
        foreach (var partition in Partitions)
        {
            write(partition, item);
            hash.AppendData(item);
        }

        return hash.GetHashAndReset();
    }

    private delegate void SpanAction(PinnedPartition partition, Span<byte> destination);
}
