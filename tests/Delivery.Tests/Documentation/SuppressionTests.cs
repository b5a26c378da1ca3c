using Delivery.Server.Documentation;
using FsCheck;
using FsCheck.Fluent;

namespace Delivery.Tests.Documentation;

/// <summary>Small counts are not shown, and cannot be worked out by somebody who knows the rule.</summary>
public class SuppressionTests
{
    private const int PupilsMax = 22;

    [Theory]
    [InlineData(6)]
    [InlineData(5)]
    public void Whoever_knows_the_rule_and_sees_the_answer_still_cannot_tell_a_hidden_count(int categories)
    {
        // Every table there is, by what is shown of it: what a reader must take for possible.
        var shown = new Dictionary<string, HashSet<long>[]>(StringComparer.Ordinal);
        foreach (var counts in Tables(categories, PupilsMax))
        {
            var published = SuppressionRule.Publish(counts, missing: 10);
            var key = $"{published.Results}:{string.Join(' ', published.Cells)}";
            if (!shown.TryGetValue(key, out var possible))
            {
                shown.Add(key, possible = [.. counts.Select(_ => new HashSet<long>())]);
            }

            foreach (var (count, values) in counts.Zip(possible))
            {
                values.Add(count);
            }
        }

        Assert.True(shown.Count > 50, "too few answers were found for the search to be believed");
        foreach (var (key, possible) in shown)
        {
            // One value is one that is shown; a hidden count has at least five.
            Assert.True(possible.All(values => values.Count >= SuppressionRule.PupilsMin || values is { Count: 1 } && values.Single() >= SuppressionRule.PupilsMin), key);
        }
    }

    [Fact]
    public void Tested_with_and_without_a_result_never_give_each_other_away()
    {
        var shown = new Dictionary<(long?, long?, long?), HashSet<(long Results, long Missing)>>();
        foreach (var (results, missing) in from results in Enumerable.Range(0, 30) from missing in Enumerable.Range(0, 60) select (results, missing))
        {
            var published = SuppressionRule.Publish([results, 0, 0, 0, 0, 0], missing);
            var key = (published.Tested, published.Results, published.Missing);
            shown.TryAdd(key, []);
            shown[key].Add((results, missing));
        }

        // What is not shown can be five numbers at least. Of a greater number tested not every pair was tried.
        Assert.All(shown.Where(answer => answer.Key.Item1 is null or <= 30), answer =>
        {
            Assert.True(answer.Key.Item2 is not null || answer.Value.DistinctBy(pair => pair.Results).Count() >= SuppressionRule.PupilsMin);
            Assert.True(answer.Key.Item3 is not null || answer.Value.DistinctBy(pair => pair.Missing).Count() >= SuppressionRule.PupilsMin);
        });
        Assert.Equal((59L, 54L, 5L), Numbers(SuppressionRule.Publish([9, 9, 9, 9, 9, 9], 5)));
        Assert.Equal((null, 54L, null), Numbers(SuppressionRule.Publish([9, 9, 9, 9, 9, 9], 4)));
        Assert.Equal((103L, null, null), Numbers(SuppressionRule.Publish([0, 1, 1, 1, 0, 0], 100)));
    }

    [Fact]
    public void Whatever_is_counted_no_number_below_five_is_shown_and_the_parts_add_up() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2000),
        Prop.ForAll(
            Gen.Elements(5, 6).SelectMany(categories => Gen.Choose(0, 12).ArrayOf(categories)).Zip(Gen.Choose(0, 12)).ToArbitrary(),
            table =>
            {
                var published = SuppressionRule.Publish([.. table.Item1.Select(count => (long)count)], table.Item2);
                long?[] numbers = [published.Tested, published.Results, published.Missing, .. published.Cells.Select(cell => (long?)cell.Count)];
                return numbers.All(number => number is null or >= SuppressionRule.PupilsMin)
                    && (published.Cells.Count == 0 || (published.Cells.Sum(cell => cell.Count) == published.Results && published.Cells[0].First == 0 && published.Cells[^1].Last == table.Item1.Length - 1))
                    && published.Cells.Zip(published.Cells.Skip(1)).All(pair => pair.First.Last + 1 == pair.Second.First)
                    && (published.Results is null || (published.Missing is null) == (published.Tested is null));
            }));

    [Theory]
    [InlineData(new long[] { 9, 9, 9, 9, 9, 9 }, "0-0 1-1 2-2 3-3 4-4 5-5")]
    [InlineData(new long[] { 1, 9, 9, 9, 9, 9 }, "0-1 2-2 3-3 4-5")]
    [InlineData(new long[] { 1, 2, 9, 9, 9, 9 }, "0-2 3-5")]
    [InlineData(new long[] { 9, 9, 4, 9, 9, 9 }, "0-2 3-5")]
    [InlineData(new long[] { 1, 1, 1, 9, 9, 9 }, "")]
    [InlineData(new long[] { 9, 9, 9, 9, 1 }, "0-1 2-2 3-4")]
    [InlineData(new long[] { 9, 9, 1, 9, 9 }, "")]
    public void Neighbours_are_drawn_together_along_one_ladder(long[] counts, string runs) =>
        Assert.Equal(runs, string.Join(' ', SuppressionRule.Publish(counts, 0).Cells.Select(cell => $"{cell.First}-{cell.Last}")));

    private static (long? Tested, long? Results, long? Missing) Numbers(PublishedCounts published) => (published.Tested, published.Results, published.Missing);

    private static IEnumerable<long[]> Tables(int categories, int pupilsMax)
    {
        var counts = new long[categories];
        return Fill(0, pupilsMax);

        IEnumerable<long[]> Fill(int at, int left)
        {
            for (var count = 0; count <= left; count++)
            {
                counts[at] = count;
                if (at == categories - 1)
                {
                    yield return counts;
                    continue;
                }

                foreach (var table in Fill(at + 1, left - count))
                {
                    yield return table;
                }
            }
        }
    }
}
