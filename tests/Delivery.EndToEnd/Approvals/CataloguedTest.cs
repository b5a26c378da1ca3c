using System.Globalization;
using Delivery.Protocol.V1;

namespace Delivery.EndToEnd.Approvals;

/// <summary>One test of one school year, from the catalogue's table rather than from the program.</summary>
internal sealed record CataloguedTest(Programme Programme, Subject Subject, int Grade, int StartYear, string TestCode)
{
    /// <summary>All 170.</summary>
    public static IReadOnlyList<CataloguedTest> All { get; } =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "vectors", "test_catalogue.csv")).Skip(1).Select(line => line.Split(',')).Select(fields => new CataloguedTest(
            fields[0] == "NT" ? Programme.Nt : Programme.Fno,
            Enum.Parse<Subject>(fields[1].Replace("_", "", StringComparison.Ordinal), ignoreCase: true),
            int.Parse(fields[2], CultureInfo.InvariantCulture),
            int.Parse(fields[3], CultureInfo.InvariantCulture),
            fields[5])),
    ];

    public override string ToString() => $"{TestCode}-{StartYear}";
}
