namespace Delivery.Protocol.Domain;

/// <summary>
/// A column a project may be given. The numbers are the fixed column order of every extract and never change.
/// </summary>
public enum VariableId
{
    /// <summary>Not given; refused on input.</summary>
    Unspecified = 0,

    /// <summary>cpr_number, inside the sealed payload only.</summary>
    CprNumber = 1,

    /// <summary>institution_number.</summary>
    InstitutionNumber = 2,

    /// <summary>tested_at.</summary>
    TestedAt = 3,

    /// <summary>subject.</summary>
    Subject = 4,

    /// <summary>grade.</summary>
    Grade = 5,

    /// <summary>school_year.</summary>
    SchoolYear = 6,

    /// <summary>programme.</summary>
    Programme = 7,

    /// <summary>test_code.</summary>
    TestCode = 8,

    /// <summary>original_ability_logit.</summary>
    OriginalAbilityLogit = 9,

    /// <summary>original_ability_standard_error.</summary>
    OriginalAbilityStandardError = 10,

    /// <summary>recalculated_ability_logit.</summary>
    RecalculatedAbilityLogit = 11,

    /// <summary>recalculated_ability_standard_error.</summary>
    RecalculatedAbilityStandardError = 12,

    /// <summary>ability_logit.</summary>
    AbilityLogit = 13,

    /// <summary>ability_standard_error.</summary>
    AbilityStandardError = 14,

    /// <summary>points_0_50.</summary>
    Points0To50 = 15,

    /// <summary>criterion_level.</summary>
    CriterionLevel = 16,

    /// <summary>profile_area_1_logit.</summary>
    ProfileArea1Logit = 17,

    /// <summary>profile_area_1_standard_error.</summary>
    ProfileArea1StandardError = 18,

    /// <summary>profile_area_2_logit.</summary>
    ProfileArea2Logit = 19,

    /// <summary>profile_area_2_standard_error.</summary>
    ProfileArea2StandardError = 20,

    /// <summary>profile_area_3_logit.</summary>
    ProfileArea3Logit = 21,

    /// <summary>profile_area_3_standard_error.</summary>
    ProfileArea3StandardError = 22,
}
