using System.Collections.Concurrent;
using Delivery.Protocol.Domain;
using Delivery.Server.Catalogue;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Delivery.Server.Documentation;

/// <summary>What figures are asked for. Empty lists do not restrict. There is no way to ask for less than the whole country.</summary>
internal sealed record FigureQuery(IReadOnlyList<Programme> Programmes, IReadOnlyList<Subject> Subjects, IReadOnlyList<int> Grades, IReadOnlyList<int> SchoolYears)
{
    public bool Asks(PartitionKey partition) =>
        (Programmes.Count == 0 || Programmes.Contains(partition.Programme))
        && (Subjects.Count == 0 || Subjects.Contains(partition.Subject))
        && (Grades.Count == 0 || Grades.Contains(partition.Grade))
        && (SchoolYears.Count == 0 || SchoolYears.Contains(partition.SchoolYear.StartYear));
}

/// <summary>The figures of one test and year.</summary>
internal sealed record NationalFigure(PartitionKey Partition, long Generation, FigureScale Scale, PublishedCounts Published);

/// <summary>
/// National figures, counted when somebody asks. What was counted is kept in memory until its import is replaced: small numbers, some of which
/// may not be shown, are never written to disk. Threads may share it; one counts at a time.
/// </summary>
internal sealed class NationalFigures(Store store, PartitionKeys keys, TimeProvider clock)
{
    private readonly ConcurrentDictionary<int, (long Generation, NationalCounts Counts)> _counted = new();
    private readonly Lock _counting = new();

    /// <summary>The figures asked for, in key order, of published years and imported tests.</summary>
    public IReadOnlyList<NationalFigure> Of(FigureQuery query, CancellationToken cancellation)
    {
        var asked = TestCatalogue.Partitions.Where(query.Asks).ToList();
        if (asked.Count == 0)
        {
            throw RefusedException.By("E_FIGURES_SCOPE");
        }

        var calendar = store.Read(PublicationDesk.Calendar);
        var today = DanishTime.DateOf(clock.GetUtcNow());
        var closed = asked.Where(partition => !calendar.IsReleased(partition, today)).ToHashSet();
        if (closed.Count == asked.Count || (closed.Count > 0 && query.SchoolYears.Count > 0))
        {
            throw RefusedException.By("E_FIGURES_UNPUBLISHED", string.Join(", ", closed.Select(partition => partition.SchoolYear.ToString()).Distinct().Order(StringComparer.Ordinal)));
        }

        return [.. asked.Where(partition => !closed.Contains(partition)).Select(partition => Of(partition, cancellation)).OfType<NationalFigure>()];
    }

    private NationalFigure? Of(PartitionKey partition, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Count(partition) is var (generation, counts) ? new NationalFigure(partition, generation, counts.Scale, SuppressionRule.Publish(counts.Counts, counts.Missing)) : null;
    }

    private (long Generation, NationalCounts Counts)? Count(PartitionKey partition)
    {
        lock (_counting)
        {
            while (Current(partition) is var generation and > 0)
            {
                if (_counted.TryGetValue(partition.Id, out var known) && known.Generation == generation)
                {
                    return known;
                }

                // An import may replace the generation, and its rows go, while it is being counted; then the new one is counted.
                if (TryCount(partition, generation) is { } counts && Current(partition) == generation)
                {
                    _counted[partition.Id] = (generation, counts);
                }
            }
        }

        return null;
    }

    private NationalCounts? TryCount(PartitionKey partition, long generation)
    {
        try
        {
            using var reader = new SegmentReader(store, keys);
            return NationalCounts.Of(reader, partition, Segments(partition, generation));
        }
        catch (InvalidDataException) when (Current(partition) != generation)
        {
            return null;
        }
    }

    private List<SegmentPlace> Segments(PartitionKey partition, long generation) => store.Read(db =>
        db.Set<SegmentRow>().AsNoTracking().Where(row => row.PartitionId == partition.Id && row.Generation == generation).OrderBy(row => row.Ordinal).AsEnumerable()
            .Select(row => PartitionStore.Place(row, partition)).ToList());

    private long Current(PartitionKey partition) => store.Read(db => db.Set<PartitionRow>().AsNoTracking()
        .Where(row => row.PartitionId == partition.Id).Select(row => row.CurrentGeneration).FirstOrDefault());
}
