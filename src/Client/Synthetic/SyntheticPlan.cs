using Delivery.Protocol.Domain;

namespace Delivery.Client.Synthetic;

/// <summary>How many rows each partition gets: as many as really took the test, scaled to the total asked for.</summary>
internal static class SyntheticPlan
{
    private const int NtRows = 52_000, NtLateRows = 50_000, Nt2020Rows = 20_000, FnoRows = 49_000;

    /// <summary>Rows of all partitions at full scale.</summary>
    internal static long FullScale { get; } = TestCatalogue.Partitions.Sum(key => (long)Typical(key));

    /// <summary>Rows by partition, in key order, summing to <paramref name="rows"/> exactly; no partition differs from its share by more than one.</summary>
    internal static IReadOnlyList<(PartitionKey Partition, int Rows)> Of(long rows)
    {
        var plan = new List<(PartitionKey, int)>();
        long weightBefore = 0, rowsBefore = 0;
        foreach (var key in TestCatalogue.Partitions)
        {
            weightBefore += Typical(key);
            var rowsUntil = (long)((Int128)rows * weightBefore / FullScale);
            plan.Add((key, (int)(rowsUntil - rowsBefore)));
            rowsBefore = rowsUntil;
        }

        return plan;
    }

    private static int Typical(PartitionKey key) => key.SchoolYear.StartYear switch
    {
        2019 => Nt2020Rows,
        2020 or 2021 => NtLateRows,
        >= 2022 => FnoRows,
        _ => NtRows,
    };
}
