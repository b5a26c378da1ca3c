using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Results;
using Delivery.Protocol.V1;
using FsCheck;
using FsCheck.Fluent;

namespace Delivery.EndToEnd.Approvals;

/// <summary>What one random approval asks for. It keeps A14 to A16 by the test's own catalogue and availability matrix.</summary>
internal sealed record RandomApproval(IReadOnlyList<CataloguedTest> Tests, IReadOnlyList<string> Variables, PopulationFilter? Filter)
{
    private const int TestsMax = 12;
    private const int VariablesMax = 8;
    private const string Logit = "_logit", Error = "_standard_error";

    /// <summary>Random approvals over the results of a file.</summary>
    public static Gen<RandomApproval> Any(ResultsFile file)
    {
        var institutions = file.InstitutionNumbers.ToArray();
        var birthYears = file.Lines.Select(line => line.BirthYear).Distinct().ToArray();
        return from tests in Some(CataloguedTest.All, TestsMax)
               from kind in Gen.Choose(0, 3)
               from schools in Some(institutions, institutions.Length / 4)
               from births in Some(birthYears, birthYears.Length / 2)
               from years in Some([.. tests.Select(test => test.StartYear).Distinct()], TestsMax)
               let filter = Filtered(kind, schools, births, years)
               let left = tests.Where(test => filter is null || filter.SchoolYears.Count == 0 || filter.SchoolYears.Contains(test.StartYear)).ToArray()
               from variables in Some([.. ExpectedExtract.AllVariables.Where(variable => Array.Exists(left, test => ExpectedExtract.Has(variable, test.TestCode, test.StartYear)))], VariablesMax)
               select new RandomApproval(tests, WithPairs(variables), filter);
    }

    public void ApplyTo(ProjectApproval approval)
    {
        approval.Scope = new Scope
        {
            Selections = { Tests.Select(test => SampleApproval.Select(test.Programme, test.Subject, [test.Grade], [test.StartYear])) },
            Variables = { SampleApproval.Ask(Variables) },
        };
        approval.Population = Filter is null ? new Population { All = new AllPupils() } : new Population { Filter = Filter };
        approval.AcknowledgedWarnings.Add(["C1", "C3", "C4"]);
    }

    public override string ToString() => $"{string.Join(' ', Tests)}; {string.Join(' ', Variables)}; {Filter}";

    // At least one, never the same twice.
    private static Gen<T[]> Some<T>(IReadOnlyList<T> all, int countMax) =>
        from count in Gen.Choose(1, Math.Clamp(countMax, 1, all.Count))
        from shuffled in Gen.Shuffle<T>([.. all])
        select shuffled.Take(count).ToArray();

    // Every pupil, or any of the three lists.
    private static PopulationFilter? Filtered(int kind, string[] institutions, int[] birthYears, int[] schoolYears) => kind switch
    {
        0 => null,
        1 => new PopulationFilter { InstitutionNumbers = { institutions } },
        2 => new PopulationFilter { BirthYears = { birthYears }, SchoolYears = { schoolYears } },
        _ => new PopulationFilter { InstitutionNumbers = { institutions }, BirthYears = { birthYears } },
    };

    // An ability and its standard error are asked for together.
    private static string[] WithPairs(IEnumerable<string> variables) => [.. variables.SelectMany(variable => new[] { variable, Partner(variable) }).Distinct()];

    private static string Partner(string variable) =>
        variable.EndsWith(Logit, StringComparison.Ordinal) ? variable.Replace(Logit, Error, StringComparison.Ordinal) : variable.Replace(Error, Logit, StringComparison.Ordinal);
}
