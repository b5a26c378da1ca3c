using Delivery.Protocol.Domain;

namespace Delivery.Client.Synthetic;

/// <summary>One made-up result and the partition it belongs to.</summary>
/// <param name="Partition">Where it belongs.</param>
/// <param name="Row">The values.</param>
public readonly record struct SyntheticRow(PartitionKey Partition, ResultRow Row)
{
    /// <summary>The partition only: a row never prints its values.</summary>
    public override string ToString() => Partition.ToString();
}

/// <summary>
/// Made-up results of all 170 tests, for trying things out and for load: the same rows for the same seed on every machine, no
/// real pupil among them, every row within the rules under <see cref="CprPolicy.Synthetic"/>, and no pupil twice in a test.
/// A pupil meets test after test through the grades with correlated ability. Immutable; threads may read at once.
/// </summary>
public sealed class SyntheticResults
{
    /// <summary>Most rows that can be asked for; beyond it a birth year would run out of civil registration numbers.</summary>
    public const long RowsMax = 25_000_000;

    private readonly ulong _seed;
    private readonly double _voluntaryShare;
    private readonly SyntheticSchools _schools;
    private readonly SyntheticCpr _cpr;
    private readonly int _pupilsPerCohort;

    /// <summary>Plans the rows; nothing is made until they are read.</summary>
    /// <param name="rows">How many in all, up to <see cref="RowsMax"/>; 8.3 million is the real scale.</param>
    /// <param name="seed">Same seed, same rows.</param>
    /// <param name="voluntaryShare">Share of rows, 0 to 1, marked VOLUNTARY, to prove that they never leave.</param>
    public SyntheticResults(long rows, ulong seed, double voluntaryShare = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, RowsMax);
        ArgumentOutOfRangeException.ThrowIfNegative(voluntaryShare);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(voluntaryShare, 1);
        _seed = seed;
        _voluntaryShare = voluntaryShare;
        _schools = new SyntheticSchools(seed);
        _cpr = new SyntheticCpr(seed);
        Plan = SyntheticPlan.Of(rows);

        // About one pupil in twenty misses any one test, so a cohort is a little larger than its largest test.
        _pupilsPerCohort = Math.Min(SyntheticCpr.PupilsMax, (Plan.Max(part => part.Rows) * 21 / 20) + 3);
    }

    /// <summary>Rows of every partition, in key order.</summary>
    public IReadOnlyList<(PartitionKey Partition, int Rows)> Plan { get; }

    /// <summary>Every row, partition after partition in key order.</summary>
    public IEnumerable<SyntheticRow> Rows() =>
        Plan.SelectMany(part => RowsOf(part.Partition).Select(row => new SyntheticRow(part.Partition, row)));

    /// <summary>The rows of one partition; none for one that does not exist.</summary>
    public IEnumerable<ResultRow> RowsOf(PartitionKey partition)
    {
        var count = Plan.FirstOrDefault(part => part.Partition == partition).Rows;
        var test = new SyntheticTest(partition, _seed, _voluntaryShare, _schools, _cpr);
        var step = CoprimeStep(_pupilsPerCohort);
        var pupil = new Draws(Draws.Key(_seed, (ulong)partition.Id)).Below(_pupilsPerCohort);
        for (var i = 0; i < count; i++)
        {
            yield return test.Row(pupil);
            pupil = (int)(((long)pupil + step) % _pupilsPerCohort);
        }
    }

    // Stepping through the cohort by a number coprime to its size meets every pupil once, in an order that is not the birthdays'.
    private static int CoprimeStep(int size)
    {
        var step = Math.Max(1, (int)(size * 0.618));
        while (Divisor(size, step) != 1)
        {
            step++;
        }

        return step;
    }

    private static int Divisor(int a, int b) => b == 0 ? a : Divisor(b, a % b);
}
