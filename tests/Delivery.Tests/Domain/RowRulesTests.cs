using Delivery.Protocol.Domain;

namespace Delivery.Tests.Domain;

public class RowRulesTests
{
    private static readonly Estimate Fine = new(0.5, 0.3);

    private static ResultRow Good { get; } = new()
    {
        Cpr = CprNumber.TryParse("750308-4001", out var cpr) ? cpr : default,
        Institution = new InstitutionNumber(900_001),
        TestedAt = new DateTime(2017, 3, 15, 9, 30, 0),
        Obligation = Obligation.Obligatory,
        OriginalAbility = Fine,
        RecalculatedAbility = Fine,
        Points = 25,
        CriterionLevel = 4,
        ProfileArea1 = Fine,
        ProfileArea2 = Fine,
        ProfileArea3 = Fine,
    };

    public static TheoryData<RowFindings, Func<ResultRow, ResultRow>> Breaches { get; } = new()
    {
        { RowFindings.None, row => row },
        { RowFindings.CprFormat, row => row with { Cpr = default } },
        { RowFindings.InstitutionFormat, row => row with { Institution = new(1_000_000) } },
        { RowFindings.TestDateOutsideYear, row => row with { TestedAt = new(2017, 8, 1, 9, 0, 0) } },
        { RowFindings.TestDateOutsideWindow, row => row with { TestedAt = new(2017, 1, 10, 9, 0, 0) } },
        { RowFindings.VoluntarySuspected, row => row with { TestedAt = new(2016, 10, 10, 9, 0, 0) } },
        { RowFindings.TestHour, row => row with { TestedAt = new(2017, 3, 15, 16, 0, 0) } },
        { RowFindings.TestHour, row => row with { TestedAt = new(2017, 3, 15, 7, 59, 0) } },
        { RowFindings.ObligationValue, row => row with { Obligation = default } },
        { RowFindings.ObligationValue, row => row with { Obligation = Obligation.ObligatorySample2020 } },
        { RowFindings.Voluntary, row => row with { Obligation = Obligation.Voluntary } },
        { RowFindings.LogitNotFinite, row => row with { OriginalAbility = Fine with { Logit = double.NaN } } },
        { RowFindings.LogitNotFinite, row => row with { ProfileArea3 = Fine with { Logit = double.PositiveInfinity } } },
        { RowFindings.LogitExtreme, row => row with { RecalculatedAbility = Fine with { Logit = -6.01 } } },
        { RowFindings.StandardErrorNotPositive, row => row with { OriginalAbility = Fine with { StandardError = 0 } } },
        { RowFindings.StandardErrorNotPositive, row => row with { OriginalAbility = Fine with { StandardError = double.NaN } } },
        { RowFindings.StandardErrorLarge, row => row with { ProfileArea1 = Fine with { StandardError = 2.01 } } },
        { RowFindings.StandardErrorPair, row => row with { RecalculatedAbility = Fine with { StandardError = null } } },
        { RowFindings.StandardErrorPair, row => row with { ProfileArea2 = Fine with { Logit = null } } },
        { RowFindings.PointsRange, row => row with { Points = 51 } },
        { RowFindings.PointsRange, row => row with { Points = -1 } },
        { RowFindings.CriterionRange, row => row with { CriterionLevel = 0 } },
        { RowFindings.CriterionRange, row => row with { CriterionLevel = 7 } },
        { RowFindings.ValueUnavailable, row => row with { Ability = Fine } },
        { RowFindings.ResultMissing, row => row with { OriginalAbility = default, RecalculatedAbility = default } },
        { RowFindings.None, row => row with { Points = 0, CriterionLevel = 1 } },
        { RowFindings.None, row => row with { Points = null, CriterionLevel = null, ProfileArea1 = default } },
    };

    [Theory]
    [MemberData(nameof(Breaches))]
    public void Each_breach_sets_its_own_bit(RowFindings expected, Func<ResultRow, ResultRow> change) =>
        Assert.Equal(expected, Rules("NT-DAN-2-2016").Check(change(Good)));

    [Fact]
    public void Values_are_judged_by_the_test_and_year_they_stand_in()
    {
        var later = Good with { TestedAt = new(2020, 3, 16, 9, 0, 0), Obligation = Obligation.ObligatorySample2020 };
        Assert.Equal(RowFindings.None, Rules("NT-DAN-4-2019").Check(later));
        Assert.Equal(RowFindings.Obligation2020, Rules("NT-DAN-4-2019").Check(later with { Obligation = Obligation.Obligatory }));
        var latest = Good with { TestedAt = new(2021, 3, 16, 9, 0, 0) };
        Assert.Equal(RowFindings.ValueUnavailable, Rules("NT-DAN-6-2020").Check(latest));
        Assert.Equal(RowFindings.ValueUnconfirmed, Rules("NT-BIO-8-2016").Check(Good with { CriterionLevel = null }) & ~RowFindings.CprAge);
        Assert.Equal(RowFindings.ValueUnavailable, Rules("NT-ENG-7-2016").Check(Good) & ~RowFindings.CprAge);
        Assert.True(Rules("NT-DAN-3-2016").Check(Good).HasFlag(RowFindings.TestUnknown));
    }

    [Fact]
    public void An_autumn_row_is_right_for_the_transition_tests()
    {
        var row = new ResultRow
        {
            Cpr = Good.Cpr,
            Institution = Good.Institution,
            TestedAt = new(2023, 9, 12, 10, 0, 0),
            Obligation = Obligation.Obligatory,
            Ability = Fine,
            CriterionLevel = 3,
        };
        Assert.Equal(RowFindings.None, Rules("FNO-MAT-8-2023").Check(row));
        Assert.Equal(RowFindings.ValueUnavailable, Rules("FNO-MAT-8-2023").Check(row with { Points = 25 }));
    }

    [Theory]
    [InlineData(Obligation.Obligatory, 2018, true)]
    [InlineData(Obligation.Obligatory, 2019, false)]
    [InlineData(Obligation.ObligatorySample2020, 2019, true)]
    [InlineData(Obligation.ObligatoryLow202020, 2019, true)]
    [InlineData(Obligation.ObligatoryLow202020, 2018, false)]
    [InlineData(Obligation.Voluntary, 2018, false)]
    [InlineData(Obligation.Unspecified, 2018, false)]
    public void Voluntary_results_never_leave(Obligation obligation, int year, bool leaves) =>
        Assert.Equal(leaves, Obligations.MayLeave(obligation, new SchoolYear(year)));

    [Fact]
    public void A_whole_column_of_obligations_is_judged_as_each_of_them_is()
    {
        foreach (var year in TestCatalogue.SchoolYears)
        {
            var leaving = Obligations.Leaving(year);
            Assert.Equal(byte.MaxValue + 1, leaving.Length);
            Assert.All(Enumerable.Range(0, leaving.Length), value =>
                Assert.Equal(Enum.IsDefined((Obligation)value) && Obligations.MayLeave((Obligation)value, year), leaving[value]));
        }
    }

    [Fact]
    public void Obligation_codes_read_back()
    {
        Assert.All(Enum.GetValues<Obligation>().Skip(1), obligation =>
        {
            Assert.True(Obligations.TryParse(System.Text.Encoding.ASCII.GetBytes(obligation.Code()), out var read));
            Assert.Equal(obligation, read);
        });
        Assert.False(Obligations.TryParse("obligatory"u8, out _));
        Assert.False(Obligations.TryParse(""u8, out _));
    }

    [Fact]
    public void Checking_a_million_rows_allocates_nothing()
    {
        var rules = Rules("NT-DAN-2-2016");
        var row = Good;
        rules.Check(row);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var findings = RowFindings.None;
        for (var i = 0; i < 1_000_000; i++)
        {
            findings |= rules.Check(row);
        }

        Assert.Equal(RowFindings.None, findings);
        // A few hundred bytes are the runtime's own, spent once; a single byte per row would be a million.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    private static RowRules Rules(string key) =>
        new(PartitionKey.TryParse(key, out var partition) ? partition : throw new ArgumentException(key), CprPolicy.Synthetic);
}
