using System.Data.Common;
using Delivery.Protocol.Domain;
using Microsoft.EntityFrameworkCore;

namespace Delivery.Server.Storage;

/// <summary>Partitions, generations and segments as rows: what imports write and plans read. Holds no state.</summary>
internal sealed class PartitionStore(PartitionKeys keys)
{
    /// <summary>The rows of all partitions of the catalogue, each made with a new key if there is none yet.</summary>
    public IReadOnlyList<PartitionRow> RequireAll(WriteScope scope)
    {
        var known = scope.Db.Set<PartitionRow>().AsNoTracking().ToDictionary(row => row.PartitionId);
        foreach (var partition in TestCatalogue.Partitions.Where(partition => !known.ContainsKey(partition.Id)))
        {
            var row = new PartitionRow { PartitionId = partition.Id, Code = partition.ToString(), WrappedKey = keys.Create(partition) };
            scope.Db.Add(row);
            known.Add(row.PartitionId, row);
        }

        scope.Db.SaveChanges();
        return [.. known.Values];
    }

    /// <summary>Stores one segment with its sealed columns under the next free id.</summary>
    public static void Insert(WriteScope scope, SegmentPlace place, IReadOnlyList<(StoredColumn Column, byte[] Sealed)> columns)
    {
        using var next = scope.Command("SELECT COALESCE(MAX(segment_id), 0) + 1 FROM segment");
        var segment = place with { SegmentId = (long)next.ExecuteScalar()! };
        scope.Execute(
            "INSERT INTO segment (segment_id, partition_id, generation, ordinal, row_count, withheld_row_count, columns) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            segment.SegmentId, segment.Partition.Id, segment.Generation, segment.Ordinal, segment.Rows, segment.WithheldRows, segment.Columns);
        scope.InsertColumns(segment, columns);
    }

    /// <summary>Where a segment of the partition stands.</summary>
    public static SegmentPlace Place(SegmentRow row, PartitionKey partition) =>
        new(row.SegmentId, partition, row.Generation, row.Ordinal, row.Rows, row.WithheldRows, row.Columns);

    /// <summary>Removes segments that an import left behind which did not finish: those above the current generation.</summary>
    public static void RemoveUnfinished(WriteScope scope)
    {
        using var command = scope.Command(
            "SELECT s.segment_id FROM segment s JOIN result_partition p ON p.partition_id = s.partition_id WHERE s.generation > p.current_generation");
        RemoveSegments(scope, command);
    }

    /// <summary>Removes what was superseded and no extract reads any more. What is known about it stays.</summary>
    public static void RemoveSuperseded(WriteScope scope)
    {
        var pinned = scope.Db.Set<GenerationPinRow>().AsNoTracking().Select(pin => new { pin.PartitionId, pin.Generation }).ToHashSet();
        var old = scope.Db.Set<GenerationRow>().AsNoTracking().Where(row => row.State == GenerationState.Superseded).ToList();
        foreach (var generation in old.Where(row => !pinned.Contains(new { row.PartitionId, row.Generation })))
        {
            RemoveSegments(scope, generation);
            scope.Execute(
                "UPDATE result_generation SET state = $3 WHERE partition_id = $1 AND generation = $2",
                generation.PartitionId, generation.Generation, (int)GenerationState.Removed);
        }
    }

    private static void RemoveSegments(WriteScope scope, GenerationRow generation)
    {
        using var command = scope.Command(
            "SELECT segment_id FROM segment WHERE partition_id = $1 AND generation = $2", generation.PartitionId, generation.Generation);
        RemoveSegments(scope, command);
    }

    private static void RemoveSegments(WriteScope scope, DbCommand select)
    {
        var ids = new List<long>();
        using (var reader = select.ExecuteReader())
        {
            while (reader.Read())
            {
                ids.Add(reader.GetInt64(0));
            }
        }

        foreach (var id in ids)
        {
            var first = id * StoredColumns.NumbersMax;
            scope.Execute("DELETE FROM segment_column WHERE segment_column_id BETWEEN $1 AND $2", first, first + StoredColumns.NumbersMax - 1);
            scope.Execute("DELETE FROM segment WHERE segment_id = $1", id);
        }
    }
}
