using System.Collections.Immutable;

namespace Delivery.Server.Intake;

/// <summary>The columns of a results file, in the order of <see cref="ResultsColumns.Names"/>.</summary>
internal enum ResultsColumn
{
    CprNumber,
    InstitutionNumber,
    TestedAt,
    Programme,
    Subject,
    Grade,
    SchoolYear,
    Obligation,
    OriginalAbilityLogit,
    OriginalAbilityStandardError,
    RecalculatedAbilityLogit,
    RecalculatedAbilityStandardError,
    AbilityLogit,
    AbilityStandardError,
    Points0To50,
    CriterionLevel,
    ProfileArea1Logit,
    ProfileArea1StandardError,
    ProfileArea2Logit,
    ProfileArea2StandardError,
    ProfileArea3Logit,
    ProfileArea3StandardError,
}

/// <summary>The names of the columns in a file's header.</summary>
internal static class ResultsColumns
{
    public static ImmutableArray<string> Names { get; } =
    [
        "cpr_number", "institution_number", "tested_at", "programme", "subject", "grade", "school_year", "obligation",
        "original_ability_logit", "original_ability_standard_error",
        "recalculated_ability_logit", "recalculated_ability_standard_error",
        "ability_logit", "ability_standard_error",
        "points_0_50", "criterion_level",
        "profile_area_1_logit", "profile_area_1_standard_error",
        "profile_area_2_logit", "profile_area_2_standard_error",
        "profile_area_3_logit", "profile_area_3_standard_error",
    ];
}
