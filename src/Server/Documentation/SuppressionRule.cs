namespace Delivery.Server.Documentation;

/// <summary>What may be said of some counts. A count that is null is withheld.</summary>
/// <param name="Tested">Pupils tested, with and without a result.</param>
/// <param name="Results">Pupils with a result.</param>
/// <param name="Missing">Pupils without one.</param>
/// <param name="Cells">Pupils with a result, by runs of categories counted from 0; empty when the distribution is withheld.</param>
internal sealed record PublishedCounts(long? Tested, long? Results, long? Missing, IReadOnlyList<(int First, int Last, long Count)> Cells);

/// <summary>
/// Hides counts of fewer than five pupils, so that they cannot be worked out from what is shown. A small category is not blanked, which would ask
/// for another to be blanked and betray something by which one: neighbours are drawn together along a fixed ladder, the finest rung of which
/// every count is large enough on. Pure; docs/national-figures.md has the argument, and a test tries every table of up to 22 pupils.
/// </summary>
internal static class SuppressionRule
{
    /// <summary>Pupils a count must have to be shown.</summary>
    public const int PupilsMin = 5;

    // Lowest categories of each run, rung by rung. All but the first rung draw neighbours together without looking at the counts.
    private static readonly int[][] SixCategories = [[0, 1, 2, 3, 4, 5], [0, 2, 3, 4], [0, 3]];
    private static readonly int[][] FiveCategories = [[0, 1, 2, 3, 4], [0, 2, 3]];

    /// <summary>What may be said.</summary>
    /// <param name="counts">Pupils in each of five or six ordered categories.</param>
    /// <param name="missing">Pupils without a result.</param>
    public static PublishedCounts Publish(IReadOnlyList<long> counts, long missing)
    {
        var results = counts.Sum();
        if (results < PupilsMin)
        {
            return new PublishedCounts(results + missing >= PupilsMin ? results + missing : null, null, null, []);
        }

        // Tested and results together would tell how many are missing.
        var isMissingShown = missing >= PupilsMin;
        var cells = Ladder(counts.Count).Select(rung => Cells(counts, rung)).FirstOrDefault(cells => cells.All(cell => cell.Count >= PupilsMin), []);
        return new PublishedCounts(isMissingShown ? results + missing : null, results, isMissingShown ? missing : null, cells);
    }

    private static int[][] Ladder(int categories) => categories switch
    {
        6 => SixCategories,
        5 => FiveCategories,
        _ => throw new ArgumentOutOfRangeException(nameof(categories)),
    };

    private static IReadOnlyList<(int First, int Last, long Count)> Cells(IReadOnlyList<long> counts, int[] rung) =>
    [
        .. rung.Select((first, at) =>
        {
            var last = at + 1 < rung.Length ? rung[at + 1] - 1 : counts.Count - 1;
            return (first, last, counts.Skip(first).Take(last - first + 1).Sum());
        }),
    ];
}
