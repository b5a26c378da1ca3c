using Delivery.Protocol.Domain;
using Delivery.Tool.Demonstration;

namespace Delivery.Benchmarks.Extracts;

/// <summary>Approvals' scopes of wanted sizes.</summary>
internal static class Scopes
{
    private const string Reason = "Indgår i målingen";

    // With its pair where it has one, so that every even beginning of the list is a scope that may be asked for.
    private static readonly VariableId[] ByColumns =
    [
        VariableId.CprNumber, VariableId.TestedAt, VariableId.OriginalAbilityLogit, VariableId.OriginalAbilityStandardError,
        VariableId.ProfileArea1Logit, VariableId.ProfileArea1StandardError, VariableId.ProfileArea2Logit, VariableId.ProfileArea2StandardError,
        VariableId.ProfileArea3Logit, VariableId.ProfileArea3StandardError, VariableId.InstitutionNumber, VariableId.SchoolYear,
        VariableId.Points0To50, VariableId.CriterionLevel, VariableId.Subject, VariableId.Grade, VariableId.Programme, VariableId.TestCode,
    ];

    /// <summary>Every test, and every variable that may be delivered.</summary>
    public static Scope Full => DemoScope.Widest;

    /// <summary>So many tests spread over all years, with every variable that may be delivered from them.</summary>
    public static Scope Tests(int count)
    {
        var all = TestCatalogue.Partitions;
        PartitionKey[] chosen = [.. Enumerable.Range(0, count).Select(index => all[(int)((long)index * all.Count / count)])];
        var variables = VariableCatalogue.All.Select(variable => variable.Id)
            .Where(id => chosen.Any(partition => VariableAvailability.Of(id, partition) >= Availability.AbsentAllowed));
        return new Scope([.. chosen.Select(Select)], Ask(variables), Population.All);
    }

    /// <summary>So many tests of one programme and era, with the first columns of a fixed list.</summary>
    public static Scope Columns(int tests, int columns)
    {
        var chosen = TestCatalogue.Partitions
            .Where(partition => partition is { Programme: Programme.NT, Subject: Subject.DanishReading } && partition.SchoolYear.StartYear < 2014)
            .Take(tests);
        return new Scope([.. chosen.Select(Select)], Ask(ByColumns.Take(columns)), Population.All);
    }

    private static Selection Select(PartitionKey partition) => new(partition.Programme, partition.Subject, [partition.Grade], [partition.SchoolYear]);

    private static VariableRequest[] Ask(IEnumerable<VariableId> ids) => [.. ids.Select(id => new VariableRequest(VariableCatalogue.Get(id).Code, Reason))];
}
