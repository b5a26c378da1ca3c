using Delivery.Protocol.Domain;
using Delivery.Server.Storage;

namespace Delivery.Server.Documentation;

/// <summary>Pupils of one import of one test and year, whole country, before anything is hidden. Never leaves the server as it is.</summary>
/// <param name="Scale">The scale the categories are of.</param>
/// <param name="Counts">Pupils in each category.</param>
/// <param name="Missing">Pupils without a result.</param>
internal sealed record NationalCounts(FigureScale Scale, IReadOnlyList<long> Counts, long Missing)
{
    /// <summary>Counts an import, segment by segment: two columns of one segment are in memory at a time.</summary>
    /// <exception cref="InvalidDataException">The import was replaced meanwhile.</exception>
    public static NationalCounts Of(SegmentReader reader, PartitionKey partition, IEnumerable<SegmentPlace> segments)
    {
        var scale = FigureScale.Of(partition);
        var counting = Obligations.Counting(partition.SchoolYear);
        var counts = new long[scale.Categories.Count];
        var missing = 0L;
        foreach (var segment in segments)
        {
            missing += Add(reader, segment, scale, counting, counts);
        }

        return new NationalCounts(scale, counts, missing);
    }

    // Returns the pupils of the segment without a result.
    private static long Add(SegmentReader reader, SegmentPlace segment, FigureScale scale, bool[] counting, long[] counts)
    {
        var obligations = reader.Read(segment, StoredColumn.Obligation).Values;
        var missing = 0L;
        if (!segment.Holds((StoredColumn)scale.Variable))
        {
            foreach (var obligation in obligations)
            {
                missing += counting[obligation] ? 1 : 0;
            }

            return missing;
        }

        var results = reader.Read(segment, (StoredColumn)scale.Variable);
        for (var row = 0; row < segment.Rows; row++)
        {
            if (!counting[obligations[row]])
            {
                continue;
            }

            var isThere = results.Validity.IsEmpty || (results.Validity[row / 8] >> (row % 8) & 1) != 0;
            if (isThere)
            {
                counts[scale.CategoryOf(results.Values[row])]++;
            }
            else
            {
                missing++;
            }
        }

        return missing;
    }
}
