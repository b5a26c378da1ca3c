using System.Globalization;

namespace Delivery.Protocol.Domain;

/// <summary>One value of a variable that has a closed list of them.</summary>
/// <param name="Value">As it stands in the data.</param>
/// <param name="Label">What it means.</param>
public sealed record ValueLabel(string Value, Bilingual Label);

/// <summary>The values of variables with a closed list. The texts of the catalogue are made of the same lists.</summary>
public static class ValueLabels
{
    /// <summary>The criterion-referenced levels, 1 to 6.</summary>
    public static IReadOnlyList<ValueLabel> CriterionLevels { get; } =
    [
        new("1", new("Ikke tilstrækkelig", "Insufficient")),
        new("2", new("Mangelfuld", "Inadequate")),
        new("3", new("Jævn", "Fair")),
        new("4", new("God", "Good")),
        new("5", new("Rigtig god", "Very good")),
        new("6", new("Fremragende", "Excellent")),
    ];

    /// <summary>The values a variable can have in some tests and years; empty where it has no closed list.</summary>
    public static IReadOnlyList<ValueLabel> Of(VariableId variable, IReadOnlyList<PartitionKey> partitions) => variable switch
    {
        VariableId.Subject => [.. partitions.Select(key => key.Subject).Distinct().Order().Select(subject => new ValueLabel(subject.Code(), subject.Label()))],
        VariableId.Programme => [.. partitions.Select(key => key.Programme).Distinct().Order().Select(programme => new ValueLabel(programme.Code(), programme.Label()))],
        VariableId.Grade => [.. partitions.Select(key => key.Grade).Distinct().Order().Select(Grade)],
        VariableId.SchoolYear => [.. partitions.Select(key => key.SchoolYear).Distinct().Order().Select(year => new ValueLabel(year.ToString(), new(year.ShortText, year.ShortText)))],
        VariableId.TestCode => [.. partitions.Select(key => key.TestCode).Distinct().Order().Select(test => new ValueLabel(test.ToString(), Title(test)))],
        VariableId.CriterionLevel => CriterionLevels,
        _ => [],
    };

    /// <summary>The least and the greatest value of a variable of whole numbers; null where there is no bound.</summary>
    public static (int From, int To)? Bounds(VariableId variable) => variable switch
    {
        VariableId.Points0To50 => (0, 50),
        VariableId.CriterionLevel => (1, CriterionLevels.Count),
        VariableId.Grade => (TestCatalogue.Tests.Min(test => test.Grade), TestCatalogue.Tests.Max(test => test.Grade)),
        _ => null,
    };

    /// <summary>The name of a test for people.</summary>
    public static Bilingual Title(TestCode test)
    {
        var (programme, subject) = (test.Programme.Label(), test.Subject.Label());
        return new($"{programme.Danish}: {subject.Danish}, {test.Grade}. klasse", $"{programme.English}: {subject.English}, grade {test.Grade}");
    }

    /// <summary>A list on one line.</summary>
    public static Bilingual Line(IReadOnlyList<ValueLabel> values) => new(
        string.Join(", ", values.Select(value => $"{value.Value} {value.Label.Danish}")),
        string.Join(", ", values.Select(value => $"{value.Value} {value.Label.English}")));

    private static ValueLabel Grade(byte grade) => new(grade.ToString(CultureInfo.InvariantCulture), new($"{grade}. klasse", $"grade {grade}"));
}
