namespace Delivery.Protocol.Domain;

/// <summary>
/// What is wrong or odd about one result row, one bit per code, so that a run over millions of rows allocates nothing and
/// counts by bit. <see cref="RowCodes"/> gives each bit its code, severity and words. A row with any bit of
/// <see cref="RowCodes.Errors"/> is set aside and never delivered.
/// </summary>
[Flags]
public enum RowFindings : uint
{
    /// <summary>Nothing to remark.</summary>
    None = 0,

    /// <summary>E_CPR_FORMAT: neither ten digits nor the replacement form with letters.</summary>
    CprFormat = 1u << 0,

    /// <summary>E_CPR_DATE: the first six digits are no date.</summary>
    CprDate = 1u << 1,

    /// <summary>E_CPR_BORN_AFTER_TEST: born on or after the day of the test.</summary>
    CprBornAfterTest = 1u << 2,

    /// <summary>E_CPR_DUPLICATE: the pupil already has a row for this test and school year.</summary>
    CprDuplicate = 1u << 3,

    /// <summary>W_CPR_MOD11_JAN1: no check digit, born 1 January; such numbers are issued.</summary>
    CprModulus11January1 = 1u << 4,

    /// <summary>W_CPR_MOD11: no check digit, born another day.</summary>
    CprModulus11 = 1u << 5,

    /// <summary>W_CPR_REPLACEMENT: a replacement number, which may not match the registers of Danmarks Statistik.</summary>
    CprReplacement = 1u << 6,

    /// <summary>W_CPR_AGE: age at the test outside grade + 5 to grade + 10.</summary>
    CprAge = 1u << 7,

    /// <summary>E_INSTITUTION_FORMAT: not six digits.</summary>
    InstitutionFormat = 1u << 8,

    /// <summary>E_TESTED_AT_FORMAT: no readable local date and time.</summary>
    TestedAtFormat = 1u << 9,

    /// <summary>E_TEST_DATE_OUTSIDE_YEAR: the date lies outside the school year.</summary>
    TestDateOutsideYear = 1u << 10,

    /// <summary>W_TEST_DATE_OUTSIDE_WINDOW: the date lies outside the known test window.</summary>
    TestDateOutsideWindow = 1u << 11,

    /// <summary>E_VOLUNTARY_SUSPECTED: an NT row dated August to December, when only voluntary rounds were held.</summary>
    VoluntarySuspected = 1u << 12,

    /// <summary>W_TEST_HOUR: started outside 08–16.</summary>
    TestHour = 1u << 13,

    /// <summary>E_TEST_UNKNOWN: no such test in that school year.</summary>
    TestUnknown = 1u << 14,

    /// <summary>E_OBLIGATION_VALUE: not one of the four values, or a 2020 value in another school year.</summary>
    ObligationValue = 1u << 15,

    /// <summary>I_VOLUNTARY: a voluntary result; it is stored as such and never delivered.</summary>
    Voluntary = 1u << 16,

    /// <summary>W_OBLIGATION_2020: an ordinary obligatory row in 2019/20, when only a sample was obliged.</summary>
    Obligation2020 = 1u << 17,

    /// <summary>E_NUMBER_FORMAT: a number that cannot be read.</summary>
    NumberFormat = 1u << 18,

    /// <summary>E_LOGIT_NOT_FINITE: infinite or not a number.</summary>
    LogitNotFinite = 1u << 19,

    /// <summary>W_LOGIT_EXTREME: further than 6 logits from zero.</summary>
    LogitExtreme = 1u << 20,

    /// <summary>E_SE_NOT_POSITIVE: a standard error that is zero, negative or not finite.</summary>
    StandardErrorNotPositive = 1u << 21,

    /// <summary>W_SE_LARGE: a standard error above 2 logits.</summary>
    StandardErrorLarge = 1u << 22,

    /// <summary>E_SE_PAIR: an ability without its standard error, or the other way round.</summary>
    StandardErrorPair = 1u << 23,

    /// <summary>E_POINTS_RANGE: points outside 0–50.</summary>
    PointsRange = 1u << 24,

    /// <summary>E_CRITERION_RANGE: a level outside 1–6.</summary>
    CriterionRange = 1u << 25,

    /// <summary>E_VALUE_UNAVAILABLE: a value that does not exist for that test and school year.</summary>
    ValueUnavailable = 1u << 26,

    /// <summary>W_VALUE_UNCONFIRMED: a value STIL has not confirmed for that test and year; stored, not delivered.</summary>
    ValueUnconfirmed = 1u << 27,

    /// <summary>W_RESULT_MISSING: no overall result.</summary>
    ResultMissing = 1u << 28,
}
