using Delivery.Protocol.Domain;

namespace Delivery.Tests.Documentation;

/// <summary>What documentation is made of is complete in both languages and agrees with the rules.</summary>
public class CatalogueTests
{
    [Fact]
    public void Every_word_there_is_in_danish_is_there_in_english() => Assert.All(
        TestCatalogue.Tests.SelectMany(ProfileAreas.Of)
            .Concat(Scales.All.SelectMany(scale => new[] { scale.Label, scale.Description }))
            .Concat(ConditionsOfUse.Use.Concat(ConditionsOfUse.Publication).Select(condition => condition.Text))
            .Concat(VariableCatalogue.All.SelectMany(variable => ValueLabels.Of(variable.Id, TestCatalogue.Partitions)).Select(value => value.Label)),
        text => Assert.False(string.IsNullOrWhiteSpace(text.Danish) || string.IsNullOrWhiteSpace(text.English)));

    [Fact]
    public void A_test_has_three_profile_areas_or_none_that_may_be_told() => Assert.All(TestCatalogue.Tests, test =>
        Assert.Equal(test.Programme == Programme.FNO || test is { Subject: Subject.Mathematics, Grade: 8 } ? 0 : 3, ProfileAreas.Of(test).Count));

    [Fact]
    public void Every_result_lies_on_one_scale() => Assert.All(
        VariableCatalogue.All.Where(variable => variable.IsNullable), variable => Assert.Single(Scales.All, scale => scale.Variables.Contains(variable.Id)));

    [Fact]
    public void Every_condition_names_its_section_of_the_guidelines() =>
        Assert.All(ConditionsOfUse.Use.Concat(ConditionsOfUse.Publication), condition => Assert.Matches("^[0-9]", condition.Section));

    [Fact]
    public void Values_with_a_list_are_those_the_catalogue_permits()
    {
        Assert.Equal(VariableCatalogue.Get(VariableId.CriterionLevel).Values, ValueLabels.Line(ValueLabels.CriterionLevels));
        Assert.Equal(
            VariableCatalogue.Get(VariableId.Subject).Values.Danish, string.Join(", ", ValueLabels.Of(VariableId.Subject, TestCatalogue.Partitions).Select(value => value.Value)));
        Assert.Equal((2, 8), ValueLabels.Bounds(VariableId.Grade));
    }

    [Fact]
    public void The_categories_of_figures_cover_every_value_once()
    {
        foreach (var (code, values) in ((string, IEnumerable<int>)[])[("NT-DAN-2-2014", Enumerable.Range(1, 6)), ("NT-ENG-7-2014", Enumerable.Range(0, 51)), ("FNO-MAT-2-2023", Enumerable.Range(1, 6))])
        {
            Assert.True(PartitionKey.TryParse(code, out var key));
            var scale = FigureScale.Of(key);
            Assert.All(values, value => Assert.Single(scale.Categories, category => value >= category.First && value <= category.Last));
            Assert.Equal(values.Count(), scale.Categories.Sum(category => category.Last - category.First + 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => scale.CategoryOf(values.Max() + 1));
        }

        Assert.True(PartitionKey.TryParse("NT-ENG-7-2014", out var english));
        Assert.Equal(new Bilingual("0–20 point", "0–20 points"), FigureScale.Of(english).Label(0, 1));
    }

    [Theory]
    [InlineData(Obligation.Obligatory, 2014, true)]
    [InlineData(Obligation.Voluntary, 2014, false)]
    [InlineData(Obligation.Obligatory, 2019, false)]
    [InlineData(Obligation.ObligatorySample2020, 2019, true)]
    [InlineData(Obligation.ObligatoryLow202020, 2019, false)]
    [InlineData(Obligation.Voluntary, 2019, false)]
    [InlineData(Obligation.Unspecified, 2014, false)]
    public void National_figures_rest_on_obligatory_tests_and_in_2020_on_the_sample(Obligation obligation, int startYear, bool counts) =>
        Assert.Equal(counts, Obligations.CountsNationally(obligation, new SchoolYear(startYear)));
}
