using Delivery.Protocol.Domain;
using Delivery.Server.Intake;
using Delivery.Server.Storage;
using Delivery.Tests.Storage;

namespace Delivery.Tests.Extracts;

/// <summary>Stores rows as an import does, so that they can be read as an extract does.</summary>
internal static class SampleSegment
{
    private static readonly string[] Numbers = ["7503084001", "7503084125", "7503085008"];

    /// <summary>Rows with obligations, institutions and pupils drawn from a seed.</summary>
    public static IReadOnlyList<ResultRow> Draw(int seed, int count)
    {
        var random = new Random(seed);
        var kinds = Enum.GetValues<Obligation>().Where(kind => kind != Obligation.Unspecified).ToArray();
        return [.. Enumerable.Range(0, count).Select(_ => new ResultRow
        {
            Cpr = Number(random),
            Institution = new InstitutionNumber(900_001 + random.Next(4)),
            TestedAt = new DateTime(2015, 3, 12, 9, 30, 0, DateTimeKind.Unspecified),
            Obligation = kinds[random.Next(kinds.Length)],
            RecalculatedAbility = random.Next(5) == 0 ? default : new Estimate(random.NextDouble(), 0.3),
            CriterionLevel = random.Next(5) == 0 ? null : random.Next(1, 7),
        })];
    }

    public static async Task<SegmentPlace> StoreAsync(TemporaryStore store, PartitionKey partition, IReadOnlyList<ResultRow> rows)
    {
        var (values, buffer) = (new SegmentBuffer(), new SegmentBuffer());
        foreach (var row in rows)
        {
            values.Add(row);
        }

        buffer.Append(values, 0, values.Rows, partition.SchoolYear);

        return await store.Writer.WriteAsync(
            scope =>
            {
                var wrapped = new PartitionStore(store.Keys).RequireAll(scope).Single(row => row.PartitionId == partition.Id).WrappedKey;
                scope.Execute("UPDATE result_partition SET current_generation = current_generation + 1 WHERE partition_id = $1", partition.Id);
                using var current = scope.Command("SELECT current_generation FROM result_partition WHERE partition_id = $1", partition.Id);
                var place = new SegmentPlace(0, partition, (long)current.ExecuteScalar()!, 0, buffer.Rows, buffer.WithheldRows, 0);
                var (held, columns) = buffer.Seal(place, store.Keys.Unwrap(partition, wrapped));
                PartitionStore.Insert(scope, held, columns);
                return PartitionStore.Place(scope.Db.Set<SegmentRow>().Single(row => row.PartitionId == partition.Id && row.Generation == held.Generation), partition);
            },
            CancellationToken.None);
    }

    // Birth years differ by replacing the two digits of the year; the day above 60 keeps every one of them nobody's.
    private static CprNumber Number(Random random)
    {
        var text = Numbers[random.Next(Numbers.Length)].ToCharArray();
        text[5] = (char)('4' + random.Next(5));
        return CprNumber.TryParse(text, out var number) ? number : throw new InvalidOperationException("Not a number.");
    }
}
