using System.Text;
using Delivery.Protocol.Domain;
using FsCheck;
using FsCheck.Fluent;
using static Delivery.Tests.Domain.SampleApproval;

namespace Delivery.Tests.Domain;

public class ScopeTests
{
    [Fact]
    public void A_scope_opens_exactly_the_partitions_it_names()
    {
        Assert.Equal(
            ["NT-DAN-2-2014", "NT-DAN-4-2014", "NT-DAN-2-2015", "NT-DAN-4-2015", "NT-DAN-2-2016", "NT-DAN-4-2016"],
            Wanted.Partitions().Select(key => key.ToString()));
        Assert.Empty(Scope.Empty.Partitions());
    }

    [Fact]
    public void The_two_programmes_become_two_extracts_with_their_own_columns()
    {
        var both = Wanted with
        {
            Selections = [.. Of(Programme.NT, 2, 2021).Selections, .. Of(Programme.FNO, 3, 2022).Selections],
            Variables = Ask("ability_logit", "ability_standard_error", "points_0_50", "criterion_level", "cpr_number"),
        };
        Assert.Equal([Programme.NT, Programme.FNO], both.Programmes);
        Assert.Equal(["NT-DAN-2-2021"], both.PartitionsOf(Programme.NT).Select(key => key.ToString()));
        Assert.Equal(["cpr_number", "points_0_50", "criterion_level"], both.ColumnsOf(Programme.NT).Select(variable => variable.Code));
        Assert.Equal(["cpr_number", "ability_logit", "ability_standard_error", "criterion_level"], both.ColumnsOf(Programme.FNO).Select(variable => variable.Code));
    }

    [Fact]
    public void Nobody_reads_a_column_where_it_is_not_confirmed()
    {
        Assert.True(PartitionKey.TryParse("NT-BIO-8-2014", out var biology));
        Assert.False(Wanted.ReadableIn(biology).Contains(VariableId.RecalculatedAbilityLogit));
        Assert.True(Wanted.ReadableIn(Wanted.Partitions()[0]).Contains(VariableId.RecalculatedAbilityLogit));
    }

    [Fact]
    public void School_years_of_the_population_narrow_the_partitions()
    {
        var narrowed = Wanted with { Population = new(PopulationKind.Filter, [], [], [new(2015)]) };
        Assert.Equal(["NT-DAN-2-2015", "NT-DAN-4-2015"], narrowed.Partitions().Select(key => key.ToString()));
        Assert.True(narrowed.IsWithin(Wanted));
        Assert.False(Wanted.IsWithin(narrowed));
    }

    [Fact]
    public void A_list_of_institutions_is_narrower_than_none()
    {
        var few = Wanted with { Population = new(PopulationKind.Filter, [new(900001)], [], []) };
        var more = Wanted with { Population = new(PopulationKind.Filter, [new(900001), new(900008)], [], []) };
        Assert.True(few.IsWithin(Wanted) && few.IsWithin(more) && more.IsWithin(Wanted));
        Assert.False(Wanted.IsWithin(few) || more.IsWithin(few));
    }

    [Fact]
    public void The_digest_is_of_a_text_anyone_can_rebuild()
    {
        var scope = Of(Programme.NT, 2, 2014) with
        {
            Variables = Ask("grade", "cpr_number"),
            Population = new(PopulationKind.Filter, [new(900008), new(900001)], [2006], []),
        };
        Assert.Equal(
            "delivery scope v1\npartition NT-DAN-2-2014\nvariable cpr_number\nvariable grade\npopulation FILTER\n"
            + "institution 900001\ninstitution 900008\nbirth-year 2006\n",
            Encoding.UTF8.GetString(ScopeDigest.CanonicalForm(scope)));
    }

    [Fact]
    public void Order_splitting_and_reasons_do_not_change_the_digest() => Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var split = Wanted.Selections.SelectMany(s => s.SchoolYears.Select(year => s with { SchoolYears = [year, year] })).ToArray();
        random.Shuffle(split);
        var variables = Wanted.Variables.Select(v => v with { Reason = "Andet" }).ToArray();
        random.Shuffle(variables);
        return ScopeDigest.Of(Wanted).SequenceEqual(ScopeDigest.Of(Wanted with { Selections = split, Variables = variables }));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Whatever_is_added_changes_the_digest()
    {
        Scope[] scopes =
        [
            Wanted,
            Wanted with { Variables = [.. Wanted.Variables, .. Ask("grade")] },
            Wanted with { Selections = [.. Wanted.Selections, .. Of(Programme.NT, 6, 2014).Selections] },
            Wanted with { Population = new(PopulationKind.Filter, [new(900001)], [], []) },
            Wanted with { Population = new(PopulationKind.Filter, [], [2006], []) },
            Wanted with { Population = Scope.Empty.Population },
        ];
        Assert.Equal(scopes.Length, scopes.Select(scope => Convert.ToHexString(ScopeDigest.Of(scope))).Distinct().Count());
    }
}
