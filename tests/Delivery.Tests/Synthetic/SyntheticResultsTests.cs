using Delivery.Client.Synthetic;
using Delivery.Protocol.Domain;

namespace Delivery.Tests.Synthetic;

public class SyntheticResultsTests
{
    private const int Rows = 170_000;

    private static readonly SyntheticRow[] Sample = [.. new SyntheticResults(Rows, seed: 7).Rows()];

    [Fact]
    public void As_many_rows_as_asked_for_are_made_over_all_tests()
    {
        Assert.Equal(Rows, Sample.Length);
        Assert.Equal(170, Sample.Select(row => row.Partition).Distinct().Count());
        Assert.All([0L, 1L, 169L, 12_345L], rows => Assert.Equal(rows, new SyntheticResults(rows, 1).Rows().LongCount()));
    }

    [Fact]
    public void Every_row_keeps_every_rule()
    {
        var rules = TestCatalogue.Partitions.ToDictionary(key => key, key => new RowRules(key, CprPolicy.Synthetic));
        var rare = RowFindings.ResultMissing | RowFindings.LogitExtreme | RowFindings.StandardErrorLarge;
        Assert.Equal(RowFindings.None, Sample.Aggregate(RowFindings.None, (all, row) => all | rules[row.Partition].Check(row.Row)) & ~rare);
    }

    [Fact]
    public void No_pupil_meets_the_same_test_twice()
    {
        var seen = new HashSet<(CprNumber, PartitionKey)>();
        Assert.All(Sample, row => Assert.True(seen.Add((row.Row.Cpr, row.Partition))));
    }

    [Fact]
    public void At_full_scale_no_pupil_meets_the_same_test_twice()
    {
        var results = new SyntheticResults(8_300_000, 3);
        Assert.All(["NT-DAN-8-2009", "FNO-MAT-2-2025"], text =>
        {
            Assert.True(PartitionKey.TryParse(text, out var key));
            var rows = results.RowsOf(key).ToArray();
            Assert.InRange(rows.Length, 45_000, 55_000);
            Assert.Equal(rows.Length, rows.Select(row => row.Cpr).Distinct().Count());
        });
    }

    [Fact]
    public void The_same_seed_makes_the_same_rows_in_any_order()
    {
        var again = new SyntheticResults(Rows, seed: 7);
        var last = TestCatalogue.Partitions[^1];
        Assert.Equal(Sample.Where(row => row.Partition == last).Select(row => row.Row), again.RowsOf(last));
        Assert.NotEqual(Sample.Take(5).Select(row => row.Row), new SyntheticResults(Rows, seed: 8).Rows().Take(5).Select(row => row.Row));
    }

    [Fact]
    public void No_made_up_number_could_be_a_real_one() => Assert.All(Sample, row =>
    {
        Assert.Equal(CprKind.ReplacementDay60, row.Row.Cpr.Kind);
        Assert.True(row.Row.Cpr.HasCheckDigit);
        Assert.InRange(row.Row.Institution.Value, 900_000, 999_999);
    });

    [Fact]
    public void A_pupil_appears_across_grades_with_abilities_that_go_together()
    {
        Assert.True(PartitionKey.TryParse("NT-DAN-4-2014", out var grade4));
        Assert.True(PartitionKey.TryParse("NT-DAN-6-2016", out var grade6));
        var results = new SyntheticResults(2_000_000, 11);
        var later = results.RowsOf(grade6).Where(row => row.RecalculatedAbility.HasAny).ToDictionary(row => row.Cpr);
        var pairs = results.RowsOf(grade4).Where(row => row.RecalculatedAbility.HasAny && later.ContainsKey(row.Cpr))
            .Select(row => (row.RecalculatedAbility.Logit!.Value, later[row.Cpr].RecalculatedAbility.Logit!.Value)).ToArray();
        Assert.True(pairs.Length > 5_000);
        // 0.65 between abilities; the errors of both estimates draw it down to about 0.6.
        Assert.InRange(Correlation(pairs), 0.54, 0.66);
    }

    [Fact]
    public void About_one_row_in_twenty_five_has_no_result() =>
        Assert.InRange(Sample.Count(row => !HasResult(row.Row)) / (double)Rows, 0.035, 0.045);

    [Fact]
    public void Standard_errors_are_those_of_the_two_kinds_of_test()
    {
        var adaptive = Sample.Where(row => row.Row.OriginalAbility.HasAny).Select(row => row.Row.OriginalAbility.StandardError!.Value);
        var area = Sample.Where(row => row.Row.ProfileArea1.HasAny).Select(row => row.Row.ProfileArea1.StandardError!.Value);
        Assert.InRange(Median(adaptive), 0.31, 0.33);
        Assert.InRange(Median(area), 0.53, 0.57);
        var linear = Sample.Where(row => row.Row.Ability.HasAny && row.Partition.Grade > 2).Select(row => row.Row.Ability).ToArray();
        Assert.InRange(Median(linear.Where(e => Math.Abs(e.Logit!.Value + 0.3) < 0.5).Select(e => e.StandardError!.Value)), 0.30, 0.38);
        Assert.InRange(Median(linear.Where(e => Math.Abs(e.Logit!.Value) > 3.5).Select(e => e.StandardError!.Value)), 0.5, 2.0);
    }

    [Theory]
    [InlineData("NT-DAN-2-2014", 75)]
    [InlineData("NT-DAN-4-2019", 62)]
    [InlineData("NT-DAN-8-2016", 78)]
    [InlineData("FNO-DAN-4-2022", 72)]
    [InlineData("FNO-MAT-7-2023", 73)]
    public void The_share_of_good_results_is_the_published_one(string text, int percent)
    {
        Assert.True(PartitionKey.TryParse(text, out var key));
        var levels = new SyntheticResults(4_000_000, 5).RowsOf(key).Where(row => row.CriterionLevel.HasValue).Select(row => row.CriterionLevel!.Value).ToArray();
        Assert.InRange(100.0 * levels.Count(level => level >= 4) / levels.Length, percent - 2.5, percent + 2.5);
        Assert.InRange(100.0 * levels.Count(level => level <= 2) / levels.Length, 10, 14);
    }

    [Fact]
    public void Points_rise_with_the_ability()
    {
        var rows = Sample.Where(row => row.Row.Points.HasValue && row.Row.RecalculatedAbility.HasAny)
            .Select(row => (Logit: row.Row.RecalculatedAbility.Logit!.Value, Points: row.Row.Points!.Value)).OrderBy(row => row.Logit).ToArray();
        Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.True(pair.First.Points <= pair.Second.Points || pair.First.Logit == pair.Second.Logit));
    }

    [Fact]
    public void The_sample_year_has_the_two_kinds_of_obligation_and_no_other()
    {
        var kinds = Sample.Where(row => row.Partition.SchoolYear.StartYear == 2019).CountBy(row => row.Row.Obligation).ToDictionary();
        Assert.Equal([Obligation.ObligatorySample2020, Obligation.ObligatoryLow202020], kinds.Keys.Order());
        Assert.InRange(kinds[Obligation.ObligatoryLow202020] / (double)kinds.Values.Sum(), 0.1, 0.3);
    }

    [Fact]
    public void Voluntary_rows_come_only_when_asked_for()
    {
        Assert.DoesNotContain(Sample, row => row.Row.Obligation == Obligation.Voluntary);
        var half = new SyntheticResults(17_000, 7, voluntaryShare: 0.5).Rows().Count(row => row.Row.Obligation == Obligation.Voluntary);
        Assert.InRange(half, 8_000, 9_000);
    }

    private static bool HasResult(in ResultRow row) => row.OriginalAbility.HasAny || row.RecalculatedAbility.HasAny || row.Ability.HasAny;

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static double Correlation((double X, double Y)[] pairs)
    {
        var (x, y) = (pairs.Average(pair => pair.X), pairs.Average(pair => pair.Y));
        var together = pairs.Sum(pair => (pair.X - x) * (pair.Y - y));
        return together / Math.Sqrt(pairs.Sum(pair => (pair.X - x) * (pair.X - x)) * pairs.Sum(pair => (pair.Y - y) * (pair.Y - y)));
    }
}
