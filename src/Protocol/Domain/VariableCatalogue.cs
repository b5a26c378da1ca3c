using System.Collections.Frozen;
using static Delivery.Protocol.Domain.VariableId;

namespace Delivery.Protocol.Domain;

/// <summary>
/// Every variable a project can be given, in fixed column order. The obligation of a test is deliberately not among them:
/// it decides what may leave and never leaves itself. Immutable; any thread may use it.
/// </summary>
public static class VariableCatalogue
{
    private static readonly Bilingual Logit = new("Endeligt tal; over 6 fra nul giver advarsel", "Finite; more than 6 from zero is warned about");
    private static readonly Bilingual Error = new("Større end nul; over 2 giver advarsel", "Above zero; above 2 is warned about");

    /// <summary>The variables in column order.</summary>
    public static IReadOnlyList<Variable> All { get; } = Array.AsReadOnly<Variable>(
    [
        Plain(VariableId.CprNumber, "cpr_number", VariableType.Text, "",
            new("Ti tegn uden bindestreg", "Ten characters without hyphen"),
            new("Cpr-nr.", "Civil registration number"),
            new("Elevens cpr-nummer, kun i den forseglede del; Danmarks Statistik pseudonymiserer det", "The pupil's number, in the sealed payload only; Statistics Denmark pseudonymises it")),
        Plain(VariableId.InstitutionNumber, "institution_number", VariableType.Text, "",
            new("Seks cifre", "Six digits"),
            new("Institution på testtidspunkt", "Institution at time of test"),
            new("Institutionsnummer for den skole, eleven gik på ved testen", "Code of the school the pupil attended when tested")),
        Plain(TestedAt, "tested_at", VariableType.LocalTime, "Europe/Copenhagen",
            new("Inden for skoleåret", "Within the school year"),
            new("Dato og tid for test", "Date and time of test"),
            new("Dansk lokal tid, da testen blev taget", "Danish local time the test was taken")),
        Plain(VariableId.Subject, "subject", VariableType.Code, "",
            new("DAN, MAT, ENG, FYK, GEO, BIO", "DAN, MAT, ENG, FYK, GEO, BIO"),
            new("Fag", "Subject"),
            new("Testens fag", "Subject of the test")),
        Plain(Grade, "grade", VariableType.WholeNumber, "",
            new("2–8", "2–8"),
            new("Klassetrin", "Grade"),
            new("Klassetrinnet testen hører til", "Grade the test belongs to")),
        Plain(VariableId.SchoolYear, "school_year", VariableType.Text, "",
            new("ÅÅÅÅ/ÅÅÅÅ, 1. august til 31. juli", "YYYY/YYYY, 1 August to 31 July"),
            new("Skoleår", "School year"),
            new("Skoleåret testen blev taget i", "School year the test was taken in")),
        Plain(VariableId.Programme, "programme", VariableType.Code, "",
            new("NT, FNO", "NT, FNO"),
            new("Testprogram", "Test programme"),
            new("Nationale test eller Folkeskolens Nationale Overgangstest", "National Tests or National Transition Tests")),
        Plain(VariableId.TestCode, "test_code", VariableType.Code, "",
            new("Program, fag og klassetrin, fx NT-DAN-2", "Programme, subject and grade, for example NT-DAN-2"),
            new("Testkode", "Test code"),
            new("Testen uden skoleår", "The test without its school year")),
        .. Estimate(OriginalAbilityLogit, "original_ability",
            new("Elevdygtighed, oprindelig skala", "Ability, original scale"),
            new("Elevdygtighed på den oprindelige Rasch-skala", "Pupil ability on the original Rasch scale")),
        .. Estimate(RecalculatedAbilityLogit, "recalculated_ability",
            new("Elevdygtighed, genberegnet skala", "Ability, recalculated scale"),
            new("Elevdygtighed på skalaen fra 2020/21, kan sammenlignes 2014/15–2021/22", "Pupil ability on the 2020/21 scale, comparable 2014/15–2021/22")),
        .. Estimate(AbilityLogit, "ability",
            new("Elevdygtighed", "Ability"),
            new("Elevdygtighed på overgangstestens Rasch-skala", "Pupil ability on the Rasch scale of the transition tests")),
        Plain(Points0To50, "points_0_50", VariableType.WholeNumber, "point",
            new("0–50", "0–50"),
            new("Pointskala 0-50", "0–50 point scale"),
            new("Elevdygtighed formidlet på 0-50 pointskala", "Ability reported on the 0–50 point scale")),
        Plain(CriterionLevel, "criterion_level", VariableType.WholeNumber, "",
            ValueLabels.Line(ValueLabels.CriterionLevels),
            new("Kriteriebaseret skala", "Criterion-referenced level"),
            new("Elevdygtighed på den kriteriebaserede skala; for nationale test kun dansk, læsning og matematik", "Ability on the criterion-referenced scale; for NT Danish reading and mathematics only")),
        .. Profile(ProfileArea1Logit, 1),
        .. Profile(ProfileArea2Logit, 2),
        .. Profile(ProfileArea3Logit, 3),
    ]);

    private static readonly FrozenDictionary<string, Variable> ByCode = All.ToFrozenDictionary(variable => variable.Code, StringComparer.Ordinal);

    /// <summary>The variable with this column name, or null when there is none.</summary>
    public static Variable? Find(string code) => ByCode.GetValueOrDefault(code);

    /// <summary>The entry of a variable.</summary>
    /// <exception cref="ArgumentOutOfRangeException">For <see cref="VariableId.Unspecified"/>.</exception>
    public static Variable Get(VariableId id) => All[(int)id - 1];

    private static Variable Plain(VariableId id, string code, VariableType type, string unit, Bilingual values, Bilingual label, Bilingual description) =>
        new(id, code, type, unit, values, label, description, null);

    private static Variable[] Profile(VariableId logit, int area) => Estimate(logit, $"profile_area_{area}",
        new($"Profilområde {area}", $"Profile area {area}"),
        new($"Elevdygtighed i testens profilområde {area}, oprindelig skala", $"Pupil ability in the test's profile area {area}, original scale"));

    private static Variable[] Estimate(VariableId logit, string stem, Bilingual label, Bilingual description) =>
    [
        new(logit, stem + "_logit", VariableType.Real, "logit", Logit, label, description, logit + 1),
        new(logit + 1, stem + "_standard_error", VariableType.Real, "logit", Error,
            new($"{label.Danish}, standardfejl", $"{label.English}, standard error"),
            new($"Standardfejl på: {description.Danish}", $"Standard error of: {description.English}"), logit),
    ];
}
