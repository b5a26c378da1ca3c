using System.Globalization;
using Delivery.EndToEnd.Results;
using Delivery.Protocol.V1;

namespace Delivery.EndToEnd.Extracts;

/// <summary>
/// What an approval lets out of a results file, worked out anew from the guidelines' availability matrix: the test's own second opinion, which
/// shares no code with the server.
/// </summary>
internal static class ExpectedExtract
{
    /// <summary>All variables in column order, each with the tests and years that have it.</summary>
    private static readonly (string Code, Func<string, int, bool> IsHad)[] Variables =
    [
        ("cpr_number", (_, _) => true),
        ("institution_number", (_, _) => true),
        ("tested_at", (_, _) => true),
        ("subject", (_, _) => true),
        ("grade", (_, _) => true),
        ("school_year", (_, _) => true),
        ("programme", (_, _) => true),
        ("test_code", (_, _) => true),
        ("original_ability_logit", (test, year) => IsNt(test) && year < 2020),
        ("original_ability_standard_error", (test, year) => IsNt(test) && year < 2020),
        ("recalculated_ability_logit", (test, year) => IsNt(test) && year >= 2014 && !IsBiologyOrGeography(test)),
        ("recalculated_ability_standard_error", (test, year) => IsNt(test) && year >= 2014 && !IsBiologyOrGeography(test)),
        ("ability_logit", (test, _) => !IsNt(test)),
        ("ability_standard_error", (test, _) => !IsNt(test)),
        ("points_0_50", (test, _) => IsNt(test)),
        ("criterion_level", (test, _) => !IsNt(test) || test.Contains("-DAN-", StringComparison.Ordinal) || test.Contains("-MAT-", StringComparison.Ordinal)),
        ("profile_area_1_logit", (test, year) => IsNt(test) && year < 2020),
        ("profile_area_1_standard_error", (test, year) => IsNt(test) && year < 2020),
        ("profile_area_2_logit", (test, year) => IsNt(test) && year < 2020),
        ("profile_area_2_standard_error", (test, year) => IsNt(test) && year < 2020),
        ("profile_area_3_logit", (test, year) => IsNt(test) && year < 2020),
        ("profile_area_3_standard_error", (test, year) => IsNt(test) && year < 2020),
    ];

    public static IReadOnlyList<string> AllVariables { get; } = [.. Variables.Select(variable => variable.Code)];

    /// <summary>Whether a test of a school year has a variable that may be delivered.</summary>
    public static bool Has(string variable, string testCode, int startYear) => Array.Find(Variables, known => known.Code == variable).IsHad(testCode, startYear);

    /// <summary>The columns and rows of one programme's extract, rows as <see cref="ArrowRows"/> writes them.</summary>
    public static (IReadOnlyList<string> Columns, IReadOnlyList<string> Rows) Of(ProjectApproval approval, string programme, ResultsFile file)
    {
        var asked = approval.Scope.Variables.Select(variable => variable.Code).ToHashSet();
        var columns = Variables.Where(variable => asked.Contains(variable.Code) && IsOfProgramme(variable.Code, programme)).Select(variable => variable.Code).ToList();
        var rows = file.Lines
            .Where(line => line.Programme == programme && line.IsObligatory && IsSelected(approval.Scope, line) && IsInPopulation(approval.Population, line))
            .Select(line => string.Join('|', columns.Select(column => Value(line, column))));
        return (columns, [.. rows]);
    }

    private static bool IsSelected(Scope scope, ResultsLine line) => scope.Selections.Any(selection =>
        Code(selection.Programme) == line.Programme
        && Code(selection.Subject) == line["subject"]
        && selection.Grades.Select(grade => grade.ToString(CultureInfo.InvariantCulture)).Contains(line["grade"])
        && selection.SchoolYears.Contains(line.StartYear));

    private static bool IsInPopulation(Population population, ResultsLine line) =>
        population.SelectionCase == Population.SelectionOneofCase.All
        || (Passes(population.Filter.InstitutionNumbers, line["institution_number"])
            && Passes(population.Filter.BirthYears, line.BirthYear)
            && Passes(population.Filter.SchoolYears, line.StartYear));

    private static bool Passes<T>(ICollection<T> named, T value) => named.Count == 0 || named.Contains(value);

    private static string Value(ResultsLine line, string column) => column switch
    {
        "test_code" => line.TestCode,
        _ when !Has(column, line.TestCode, line.StartYear) || line[column].Length == 0 => "null",
        _ when column.EndsWith("_logit", StringComparison.Ordinal) || column.EndsWith("_error", StringComparison.Ordinal) =>
            double.Parse(line[column], CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture),
        _ => line[column],
    };

    private static bool IsOfProgramme(string column, string programme) =>
        Enumerable.Range(2009, 17).Any(year => Has(column, $"{programme}-DAN-2", year));

    private static bool IsNt(string testCode) => testCode.StartsWith("NT-", StringComparison.Ordinal);

    private static bool IsBiologyOrGeography(string testCode) =>
        testCode.Contains("-BIO-", StringComparison.Ordinal) || testCode.Contains("-GEO-", StringComparison.Ordinal);

    public static string Code(Programme programme) => programme == Programme.Nt ? "NT" : "FNO";

    private static string Code(Subject subject) => subject switch
    {
        Subject.DanishReading => "DAN",
        Subject.Mathematics => "MAT",
        Subject.English => "ENG",
        Subject.PhysicsChemistry => "FYK",
        Subject.Geography => "GEO",
        Subject.Biology => "BIO",
        _ => throw new ArgumentOutOfRangeException(nameof(subject)),
    };
}
