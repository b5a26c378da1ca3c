using System.Numerics;

namespace Delivery.Protocol.Domain;

/// <summary>One kind of finding about rows.</summary>
/// <param name="Finding">Its bit.</param>
/// <param name="Reason">Its code, severity and words.</param>
public sealed record RowCode(RowFindings Finding, ReasonCode Reason)
{
    /// <summary>The bit's number, 0 to 31, for counting in an array.</summary>
    public int Bit => BitOperations.TrailingZeroCount((uint)Finding);
}

/// <summary>Codes, severities and words of <see cref="RowFindings"/>. No text quotes a value of the row.</summary>
public static class RowCodes
{
    private static readonly Bilingual Correct = new("Ret rækken i kilden og indlæs den igen", "Correct the row at the source and import it again");
    private static readonly Bilingual Verify = new("Kontrollér rækken; den leveres, som den er", "Verify the row; it is delivered as it is");
    private static readonly Bilingual Nothing = new("Ingen handling", "No action");

    /// <summary>Every finding, in bit order.</summary>
    public static IReadOnlyList<RowCode> All { get; } =
    [
        Error(RowFindings.CprFormat, "E_CPR_FORMAT", "Cpr-nummeret har ikke en kendt form", "The civil registration number has no known form", "domain 3"),
        Error(RowFindings.CprDate, "E_CPR_DATE", "Cpr-nummerets fødselsdato findes ikke", "The birth date of the civil registration number is impossible", "domain 3"),
        Error(RowFindings.CprBornAfterTest, "E_CPR_BORN_AFTER_TEST", "Eleven er født på eller efter testdagen", "The pupil was born on or after the day of the test", "domain 3"),
        Error(RowFindings.CprDuplicate, "E_CPR_DUPLICATE", "Eleven har allerede et resultat i testen det skoleår", "The pupil already has a result in this test and school year", "domain 2.2"),
        Of(RowFindings.CprModulus11January1, "W_CPR_MOD11_JAN1", Severity.Information, "Cpr-nummer uden kontrolciffer, født 1. januar", "Civil registration number without check digit, born 1 January", Nothing, "domain 3"),
        Warn(RowFindings.CprModulus11, "W_CPR_MOD11", "Cpr-nummer uden kontrolciffer", "Civil registration number without check digit", "domain 3"),
        Warn(RowFindings.CprReplacement, "W_CPR_REPLACEMENT", "Erstatningspersonnummer, som måske ikke kan genfindes i Danmarks Statistiks registre", "Replacement number, which may not match the registers of Statistics Denmark", "domain 3"),
        Warn(RowFindings.CprAge, "W_CPR_AGE", "Alderen passer ikke med klassetrinnet", "The age does not fit the grade", "domain 3"),
        Error(RowFindings.InstitutionFormat, "E_INSTITUTION_FORMAT", "Institutionsnummeret er ikke seks cifre", "The institution number is not six digits", "domain 2.1"),
        Error(RowFindings.TestedAtFormat, "E_TESTED_AT_FORMAT", "Testtidspunktet kan ikke læses", "The time of test cannot be read", "domain 2.1"),
        Error(RowFindings.TestDateOutsideYear, "E_TEST_DATE_OUTSIDE_YEAR", "Testdatoen ligger uden for skoleåret", "The date of test lies outside the school year", "domain 1.3"),
        Warn(RowFindings.TestDateOutsideWindow, "W_TEST_DATE_OUTSIDE_WINDOW", "Testdatoen ligger uden for den kendte testperiode", "The date of test lies outside the known test window", "domain 1.3"),
        Error(RowFindings.VoluntarySuspected, "E_VOLUNTARY_SUSPECTED", "Nationale test fra august til december var frivillige", "NT tests from August to December were voluntary", "domain 1.3"),
        Warn(RowFindings.TestHour, "W_TEST_HOUR", "Testen begyndte uden for kl. 8–16", "The test began outside 08–16", "domain 2.1"),
        Error(RowFindings.TestUnknown, "E_TEST_UNKNOWN", "Testen findes ikke i det skoleår", "No such test that year", "2.3.1, 2.3.2"),
        Error(RowFindings.ObligationValue, "E_OBLIGATION_VALUE", "Ukendt værdi for obligatorisk/frivillig, eller en 2020-værdi i et andet skoleår", "Unknown obligation value, or a 2020 value in another school year", "domain 1.4"),
        Of(RowFindings.Voluntary, "I_VOLUNTARY", Severity.Information, "Frivillig test, som aldrig udleveres", "Voluntary test, never delivered", Nothing, "2.3"),
        Warn(RowFindings.Obligation2020, "W_OBLIGATION_2020", "Almindelig obligatorisk test i 2019/20, hvor kun en stikprøve var omfattet", "Ordinary obligatory test in 2019/20, when only a sample was obliged", "domain 1.4"),
        Error(RowFindings.NumberFormat, "E_NUMBER_FORMAT", "Et tal kan ikke læses", "A number cannot be read", "domain 2.1"),
        Error(RowFindings.LogitNotFinite, "E_LOGIT_NOT_FINITE", "En elevdygtighed er ikke et endeligt tal", "An ability is not a finite number", "domain 2.1"),
        Warn(RowFindings.LogitExtreme, "W_LOGIT_EXTREME", "En elevdygtighed ligger mere end 6 fra nul", "An ability lies more than 6 from zero", "domain 2.1"),
        Error(RowFindings.StandardErrorNotPositive, "E_SE_NOT_POSITIVE", "En standardfejl er ikke større end nul", "A standard error is not above zero", "domain 2.1"),
        Warn(RowFindings.StandardErrorLarge, "W_SE_LARGE", "En standardfejl er over 2", "A standard error is above 2", "domain 2.1"),
        Error(RowFindings.StandardErrorPair, "E_SE_PAIR", "En elevdygtighed og dens standardfejl følges ikke ad", "An ability and its standard error do not come together", "domain 2.1"),
        Error(RowFindings.PointsRange, "E_POINTS_RANGE", "Point ligger uden for 0–50", "Points lie outside 0–50", "2.3.1"),
        Error(RowFindings.CriterionRange, "E_CRITERION_RANGE", "Det kriteriebaserede niveau ligger uden for 1–6", "The criterion-referenced level lies outside 1–6", "2.3.1"),
        Error(RowFindings.ValueUnavailable, "E_VALUE_UNAVAILABLE", "En værdi findes ikke for testen det skoleår", "A value does not exist for that test and school year", "domain 2.2"),
        Of(RowFindings.ValueUnconfirmed, "W_VALUE_UNCONFIRMED", Severity.Warning, "En værdi er ikke bekræftet for testen det skoleår og udleveres ikke", "A value is not confirmed for that test and year and is not delivered", new("Spørg STIL, om værdien gælder", "Ask STIL whether the value applies"), "domain 2.2"),
        Warn(RowFindings.ResultMissing, "W_RESULT_MISSING", "Rækken har intet samlet resultat", "The row has no overall result", "domain 2.5"),
    ];

    /// <summary>The bits of severity Error: a row with any of them is set aside and never delivered.</summary>
    public static RowFindings Errors { get; } = All.Where(code => code.Reason.Severity == Severity.Error)
        .Aggregate(RowFindings.None, (bits, code) => bits | code.Finding);

    /// <summary>The bits of severity Warning: the row is kept, and the doubt travels with it.</summary>
    public static RowFindings Warnings { get; } = All.Where(code => code.Reason.Severity == Severity.Warning)
        .Aggregate(RowFindings.None, (bits, code) => bits | code.Finding);

    /// <summary>The codes set in some findings, in bit order.</summary>
    public static IEnumerable<RowCode> In(RowFindings findings) => All.Where(code => (findings & code.Finding) != 0);

    private static RowCode Error(RowFindings bit, string code, string danish, string english, string section) =>
        Of(bit, code, Severity.Error, danish, english, Correct, section);

    private static RowCode Warn(RowFindings bit, string code, string danish, string english, string section) =>
        Of(bit, code, Severity.Warning, danish, english, Verify, section);

    private static RowCode Of(RowFindings bit, string code, Severity severity, string danish, string english, Bilingual remedy, string section) =>
        new(bit, new ReasonCode(code, severity, RefusalStatus.None, new(danish, english), remedy, section));
}
