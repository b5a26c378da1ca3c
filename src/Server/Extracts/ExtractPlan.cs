using System.Buffers.Binary;
using System.Security.Cryptography;
using Delivery.Protocol.Arrow;
using Delivery.Protocol.Domain;
using Delivery.Server.Catalogue;
using Delivery.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Delivery.Server.Extracts;

/// <summary>One partition in the state an extract reads it.</summary>
internal sealed record PinnedPartition(PartitionKey Partition, long Generation, byte[] QualityReport, byte[] QualityDigest);

/// <summary>
/// What an extract reads, decided before a row is touched: the approved partitions in key order, each in one generation, segment by
/// segment. One segment becomes one batch, so the batches of a plan are the same in every call.
/// </summary>
internal sealed class ExtractPlan
{
    private ExtractPlan(
        Scope scope, Programme programme, IReadOnlyList<PinnedPartition> partitions, IReadOnlyList<SegmentPlace> segments, IReadOnlyList<CarriedErratum> errata)
    {
        Scope = scope;
        Programme = programme;
        Partitions = partitions;
        Segments = segments;
        Errata = errata;
        Schema = new ExtractSchema(scope, programme, errata, segments);
    }

    public Scope Scope { get; }

    public Programme Programme { get; }

    public IReadOnlyList<PinnedPartition> Partitions { get; }

    /// <summary>Batch by batch.</summary>
    public IReadOnlyList<SegmentPlace> Segments { get; }

    /// <summary>The errata that were known when the extract was pinned, or are now if it is not. They are part of the schema.</summary>
    public IReadOnlyList<CarriedErratum> Errata { get; }

    public ExtractSchema Schema { get; }

    /// <summary>Partition and generation of all it reads.</summary>
    public IReadOnlyList<(PartitionKey Partition, long Generation)> Reads => [.. Partitions.Select(pin => (pin.Partition, pin.Generation))];

    /// <summary>Rows at the most; the population may select fewer.</summary>
    public long RowsMax => Segments.Sum(segment => (long)segment.Rows - segment.WithheldRows);

    /// <summary>Plans on the generations that are current now.</summary>
    public static ExtractPlan Current(DeliveryDb db, Scope scope, Programme programme) =>
        On(
            db, scope, programme,
            db.Set<PartitionRow>().Where(row => row.CurrentGeneration > 0).Select(row => new Pin { PartitionId = row.PartitionId, Generation = row.CurrentGeneration }),
            read => ErratumDesk.Concerning(db, scope.RestrictedTo(programme), read));

    /// <summary>Plans on the generations an extract has pinned.</summary>
    public static ExtractPlan Pinned(DeliveryDb db, Scope scope, Programme programme, string extractId)
    {
        var errata = db.Set<ExtractErratumRow>().AsNoTracking().Where(row => row.ExtractId == extractId).Select(row => row.ErratumId).ToHashSet(StringComparer.Ordinal);
        return On(
            db, scope, programme,
            db.Set<GenerationPinRow>().Where(row => row.Holder == extractId).Select(row => new Pin { PartitionId = row.PartitionId, Generation = row.Generation }),
            read => ErratumDesk.Carried(db, errata, scope.RestrictedTo(programme), read));
    }

    /// <summary>
    /// Whether it lies inside an approval. It was made from one; that it still is inside the one now in the database is asked again before every window,
    /// by other means.
    /// </summary>
    public bool IsWithin(Scope approved)
    {
        var partitions = approved.Requested().Select(partition => partition.Id).ToHashSet();
        var variables = approved.Variables.Select(variable => variable.Code).ToHashSet(StringComparer.Ordinal);
        return Segments.All(segment => partitions.Contains(segment.Partition.Id)) && Schema.Arrow.Fields.All(field => variables.Contains(field.Name));
    }

    /// <summary>SHA-256 over partition id and generation of each partition, big-endian, in order: names the snapshot in the log.</summary>
    public byte[] SnapshotDigest() => Digest(12, (partition, bytes) =>
    {
        BinaryPrimitives.WriteInt32BigEndian(bytes, partition.Partition.Id);
        BinaryPrimitives.WriteInt64BigEndian(bytes[4..], partition.Generation);
    });

    /// <summary>SHA-256 over the digests of the partitions' quality reports, in order.</summary>
    public byte[] QualityDigest() => Digest(SHA256.HashSizeInBytes, (partition, bytes) => partition.QualityDigest.CopyTo(bytes));

    // Three queries, and those for errata, however many partitions there are: planning must not be what a caller waits for.
    private static ExtractPlan On(
        DeliveryDb db, Scope scope, Programme programme, IQueryable<Pin> pins, Func<IReadOnlyList<(PartitionKey, long)>, IReadOnlyList<CarriedErratum>> errata)
    {
        // Only what the scope names is ever looked up, whatever was pinned.
        var wanted = scope.PartitionsOf(programme);
        int[] ids = [.. wanted.Select(partition => partition.Id)];
        pins = pins.Where(pin => EF.Parameter(ids).Contains(pin.PartitionId));
        var found = pins.Select(pin => pin.PartitionId).ToHashSet();
        var generations = pins
            .Join(
                db.Set<GenerationRow>(),
                pin => new { pin.PartitionId, pin.Generation },
                row => new { row.PartitionId, row.Generation },
                (pin, row) => new { row.PartitionId, row.Generation, row.QualityReport, row.QualityDigest })
            .ToDictionary(row => row.PartitionId);
        var places = pins
            .Join(db.Set<SegmentRow>(), pin => new { pin.PartitionId, pin.Generation }, row => new { row.PartitionId, row.Generation }, (pin, row) => row)
            .AsNoTracking()
            .ToLookup(row => row.PartitionId);

        var partitions = new List<PinnedPartition>();
        var segments = new List<SegmentPlace>();
        foreach (var partition in wanted.Where(partition => found.Contains(partition.Id)))
        {
            var pinned = generations[partition.Id];
            partitions.Add(new PinnedPartition(partition, pinned.Generation, pinned.QualityReport, pinned.QualityDigest));
            segments.AddRange(places[partition.Id].OrderBy(row => row.Ordinal).Select(row => PartitionStore.Place(row, partition)));
        }

        return new ExtractPlan(scope, programme, partitions, segments, errata([.. partitions.Select(pin => (pin.Partition, pin.Generation))]));
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

    // What is to be read of one partition, before it is looked up.
    private sealed class Pin
    {
        public int PartitionId { get; init; }

        public long Generation { get; init; }
    }
}
