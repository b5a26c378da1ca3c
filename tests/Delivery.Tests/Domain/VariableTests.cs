using Delivery.Protocol.Domain;

namespace Delivery.Tests.Domain;

public class VariableTests
{
    [Fact]
    public void The_columns_stand_in_one_order() => Assert.Equal(
    [
        "cpr_number", "institution_number", "tested_at", "subject", "grade", "school_year", "programme", "test_code",
        "original_ability_logit", "original_ability_standard_error", "recalculated_ability_logit", "recalculated_ability_standard_error",
        "ability_logit", "ability_standard_error", "points_0_50", "criterion_level",
        "profile_area_1_logit", "profile_area_1_standard_error", "profile_area_2_logit", "profile_area_2_standard_error",
        "profile_area_3_logit", "profile_area_3_standard_error",
    ], VariableCatalogue.All.Select(variable => variable.Code));

    [Fact]
    public void Every_variable_is_found_and_labelled_in_both_languages() => Assert.All(VariableCatalogue.All, variable =>
    {
        Assert.Same(variable, VariableCatalogue.Find(variable.Code));
        Assert.Same(variable, VariableCatalogue.Get(variable.Id));
        Assert.Equal(VariableCatalogue.All[variable.Ordinal], variable);
        Assert.All([variable.Label, variable.Description, variable.Values], text =>
            Assert.False(string.IsNullOrWhiteSpace(text.Danish) || string.IsNullOrWhiteSpace(text.English)));
    });

    [Fact]
    public void Whether_a_test_was_voluntary_cannot_be_asked_for() => Assert.Null(VariableCatalogue.Find("obligation"));

    [Fact]
    public void Abilities_and_their_errors_are_pairs_both_ways()
    {
        var paired = VariableCatalogue.All.Where(variable => variable.PairedWith is not null).ToArray();
        Assert.Equal(12, paired.Length);
        Assert.All(paired, variable => Assert.Equal(variable.Id, VariableCatalogue.Get(variable.PairedWith!.Value).PairedWith));
    }

    [Theory]
    [InlineData(VariableId.OriginalAbilityLogit, "NT-DAN-2-2013", Availability.Available)]
    [InlineData(VariableId.OriginalAbilityLogit, "NT-DAN-2-2014", Availability.OnExplicitRequest)]
    [InlineData(VariableId.OriginalAbilityStandardError, "NT-DAN-2-2019", Availability.OnExplicitRequest)]
    [InlineData(VariableId.OriginalAbilityLogit, "NT-DAN-2-2020", Availability.Unavailable)]
    [InlineData(VariableId.RecalculatedAbilityLogit, "NT-DAN-2-2013", Availability.Unavailable)]
    [InlineData(VariableId.RecalculatedAbilityLogit, "NT-DAN-2-2014", Availability.Available)]
    [InlineData(VariableId.RecalculatedAbilityLogit, "NT-DAN-2-2021", Availability.Available)]
    [InlineData(VariableId.RecalculatedAbilityLogit, "NT-BIO-8-2014", Availability.AwaitingConfirmation)]
    [InlineData(VariableId.RecalculatedAbilityStandardError, "NT-GEO-8-2016", Availability.AwaitingConfirmation)]
    [InlineData(VariableId.RecalculatedAbilityLogit, "FNO-DAN-2-2022", Availability.Unavailable)]
    [InlineData(VariableId.AbilityLogit, "NT-DAN-2-2014", Availability.Unavailable)]
    [InlineData(VariableId.AbilityLogit, "FNO-DAN-2-2022", Availability.Available)]
    [InlineData(VariableId.ProfileArea1Logit, "NT-DAN-2-2009", Availability.Available)]
    [InlineData(VariableId.ProfileArea3StandardError, "NT-DAN-2-2019", Availability.Available)]
    [InlineData(VariableId.ProfileArea1Logit, "NT-DAN-2-2020", Availability.Unavailable)]
    [InlineData(VariableId.ProfileArea1Logit, "FNO-DAN-2-2022", Availability.Unavailable)]
    [InlineData(VariableId.Points0To50, "NT-ENG-7-2013", Availability.AbsentAllowed)]
    [InlineData(VariableId.Points0To50, "NT-ENG-7-2014", Availability.Available)]
    [InlineData(VariableId.Points0To50, "FNO-MAT-2-2022", Availability.Unavailable)]
    [InlineData(VariableId.CriterionLevel, "NT-MAT-3-2009", Availability.AbsentAllowed)]
    [InlineData(VariableId.CriterionLevel, "NT-MAT-3-2020", Availability.Available)]
    [InlineData(VariableId.CriterionLevel, "NT-ENG-7-2014", Availability.Unavailable)]
    [InlineData(VariableId.CriterionLevel, "FNO-MAT-2-2022", Availability.Available)]
    [InlineData(VariableId.CprNumber, "NT-DAN-2-2014", Availability.Available)]
    [InlineData(VariableId.CprNumber, "NT-DAN-3-2014", Availability.Unavailable)]
    public void The_availability_table_is_kept(VariableId id, string key, Availability expected)
    {
        Assert.True(PartitionKey.TryParse(key, out var partition));
        Assert.Equal(expected, VariableCatalogue.Get(id).In(partition));
    }

    [Fact]
    public void Points_and_profile_areas_cannot_exist_on_the_transition_tests()
    {
        Assert.Equal(20, VariableAvailability.Schema(Programme.NT).Count);
        Assert.Equal(11, VariableAvailability.Schema(Programme.FNO).Count);
        Assert.DoesNotContain(VariableAvailability.Schema(Programme.FNO).ToList(), variable => variable.Code.StartsWith("profile", StringComparison.Ordinal) || variable.Code.StartsWith("points", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_deliverable_lies_outside_the_programmes_schema() => Assert.All(TestCatalogue.Partitions, key =>
        Assert.True(VariableAvailability.Deliverable(key).IsWithin(VariableAvailability.Schema(key.Programme))));
}
