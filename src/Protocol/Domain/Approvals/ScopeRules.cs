using static Delivery.Protocol.Domain.Approvals.ApprovalRules;

namespace Delivery.Protocol.Domain.Approvals;

/// <summary>What the project may see: A14, A15, A16, A25, A26, A28.</summary>
internal static class ScopeRules
{
    // No pupil of any test was born outside these years: the oldest sat grade 8 in 2009/10, the youngest grade 2 in 2025/26.
    private const int BirthYearMin = 1990;
    private const int BirthYearMax = 2025;

    internal static IReadOnlyList<ApprovalRule> All { get; } =
    [
        Rule("A14", RefusalStatus.InvalidArgument, "2.3.1, 2.3.2",
            new("Testen findes ikke i det skoleår", "No such test that year"),
            new("Vælg fag, klassetrin og skoleår, der står i testkataloget", "Choose subject, grade and school year as in the test catalogue"),
            (approval, _) => Catalogued(approval.Scope)),
        Rule("A15", RefusalStatus.InvalidArgument, "2.3",
            new("Variablen er ikke tilgængelig eller begrundet", "Variable unavailable or unjustified"),
            new("Nævn hver variabel én gang med begrundelse; elevdygtighed og standardfejl følges ad", "List each variable once with a reason; ability and standard error go together"),
            (approval, _) => VariableRules.Check(approval.Scope)),
        Rule("A16", RefusalStatus.InvalidArgument, "2.3",
            new("Populationen er ikke afgrænset", "Population not defined"),
            new("Vælg alle elever, eller afgræns på institution, fødselsår eller skoleår", "Choose all pupils, or filter on institution, birth year or school year"),
            (approval, _) => Defined(approval.Scope)),
        Rule("A25", RefusalStatus.PermissionDenied, "2.3",
            new("Frivillige test udleveres ikke", "Voluntary tests are not disclosed"),
            new("Fjern ønsket om frivillige test", "Remove the request for voluntary tests"),
            (approval, _) => Broken((approval.AsksForVoluntaryResults, "asks_for_voluntary_results"))),
        Rule("A26", RefusalStatus.FailedPrecondition, "2.3.2",
            new("Landsresultaterne er ikke offentliggjort", "National results not published"),
            new("Vent, til landsresultaterne står på uddannelsesstatistik.dk og STIL har registreret datoen", "Wait until the national results are on uddannelsesstatistik.dk and STIL has entered the date"),
            (approval, context) => approval.Scope.Partitions().Where(key => !context.Publications.IsReleased(key, context.Today))
                .Select(key => key.SchoolYear).Distinct().Select(year => ("scope.selections", $"{Programme.FNO.Code()} {year}")),
            ApprovalMoment.Delivery),
        Rule("A28", RefusalStatus.FailedPrecondition, "2.3.1, 2.3.2",
            new("Forbehold om sammenlignelighed mangler", "Comparability reservation missing"),
            new("Lad ansøger vedkende sig de nævnte forbehold", "Have the applicant acknowledge the warnings named"),
            (approval, _) => ComparabilityRules.For(approval.Scope)
                .Where(warning => warning.MustBeAcknowledged && !approval.AcknowledgedWarnings.Contains(warning.Code))
                .Select(warning => ("acknowledged_warnings", warning.Code))),
    ];

    private static IEnumerable<(string Field, string Detail)> Catalogued(Scope scope)
    {
        if (!scope.Requested().Any())
        {
            yield return ("scope.selections", "");
        }

        for (var i = 0; i < scope.Selections.Count; i++)
        {
            var selection = scope.Selections[i];
            if (selection.Programme == Programme.Unspecified || selection.Subject == Subject.Unspecified
                || selection.Grades.Count == 0 || selection.SchoolYears.Count == 0
                || selection.Grades.Any(grade => grade is < 0 or > 9))
            {
                yield return ($"scope.selections[{i}]", "");
                continue;
            }

            foreach (var key in (scope with { Selections = [selection] }).Requested().Where(key => !TestCatalogue.Contains(key)))
            {
                yield return ($"scope.selections[{i}]", key.ToString());
            }
        }
    }

    private static IEnumerable<(string Field, string Detail)> Defined(Scope scope)
    {
        var population = scope.Population;
        return population.Kind switch
        {
            PopulationKind.Unspecified => [("scope.population.kind", "")],
            PopulationKind.All => Broken((!population.HasNoFilter, "scope.population")),
            PopulationKind.Filter => Broken(
                (population.HasNoFilter, "scope.population"),
                (population.Institutions.Any(institution => !institution.IsValid), "scope.population.institutions"),
                (population.BirthYears.Any(year => year is < BirthYearMin or > BirthYearMax), "scope.population.birth_years"),
                (population.SchoolYears.Except(scope.Requested().Select(key => key.SchoolYear)).Any(), "scope.population.school_years")),
        };
    }
}
