using Delivery.Protocol.Domain;

namespace Delivery.Tool.Demonstration;

/// <summary>What the demonstration's project asks for.</summary>
internal static class DemoScope
{
    private const string Reason = "Indgår i analysen af elevernes faglige udvikling";

    /// <summary>Three tests, the five school years before 2019/20, eight variables: what a usual project looks like.</summary>
    public static Scope Usual { get; } = new(
        [
            new Selection(Programme.NT, Subject.DanishReading, [4, 6], SchoolYear.Range(new(2014), new(2018))),
            new Selection(Programme.NT, Subject.Mathematics, [6], SchoolYear.Range(new(2014), new(2018))),
        ],
        Ask(
            VariableId.CprNumber, VariableId.InstitutionNumber, VariableId.TestedAt, VariableId.SchoolYear, VariableId.TestCode,
            VariableId.RecalculatedAbilityLogit, VariableId.RecalculatedAbilityStandardError, VariableId.CriterionLevel),
        Population.All);

    /// <summary>Every test of every school year, and every variable that may be delivered from any of them.</summary>
    public static Scope Widest { get; } = new(
        [.. TestCatalogue.Grid.Select(row => new Selection(row.Programme, row.Subject, [.. row.Grades.Select(grade => (int)grade)], SchoolYear.Range(row.First, row.Last)))],
        Ask([.. VariableCatalogue.All.Select(variable => variable.Id).Where(IsDeliverable)]),
        Population.All);

    private static bool IsDeliverable(VariableId id) =>
        TestCatalogue.Partitions.Any(partition => VariableAvailability.Of(id, partition) >= Availability.AbsentAllowed);

    private static VariableRequest[] Ask(params IEnumerable<VariableId> ids) =>
        [.. ids.Select(id => new VariableRequest(VariableCatalogue.Get(id).Code, Reason))];
}
