using System.Collections.Frozen;

namespace Delivery.Protocol.Domain;

/// <summary>One row of the grid: a subject tested in some grades over an unbroken run of school years.</summary>
/// <param name="Programme">NT or FNO.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Grades">The grades tested.</param>
/// <param name="First">The first school year.</param>
/// <param name="Last">The last school year.</param>
public sealed record CatalogueRow(Programme Programme, Subject Subject, IReadOnlyList<byte> Grades, SchoolYear First, SchoolYear Last);

/// <summary>
/// Which obligatory tests exist, in which school years: ten in every year, 170 in all. Source: the guidelines for research
/// use of the national tests, sections 2.3.1 and 2.3.2 with notes a–d. Immutable; any thread may use it.
/// </summary>
public static class TestCatalogue
{
    private static readonly SchoolYear NtFirst = new(2009), NtNewMix = new(2017), NtLast = new(2021);
    private static readonly SchoolYear FnoFirst = new(2022), FnoLast = new(2025);

    /// <summary>The grid the catalogue is generated from.</summary>
    public static IReadOnlyList<CatalogueRow> Grid { get; } =
    [
        new(Programme.NT, Subject.DanishReading, [2, 4, 6, 8], NtFirst, NtLast),
        new(Programme.NT, Subject.Mathematics, [3, 6], NtFirst, NtLast),
        new(Programme.NT, Subject.Mathematics, [8], NtNewMix, NtLast),
        new(Programme.NT, Subject.English, [7], NtFirst, NtLast),
        new(Programme.NT, Subject.English, [4], NtNewMix, NtLast),
        new(Programme.NT, Subject.PhysicsChemistry, [8], NtFirst, NtLast),
        new(Programme.NT, Subject.Geography, [8], NtFirst, new SchoolYear(2016)),
        new(Programme.NT, Subject.Biology, [8], NtFirst, new SchoolYear(2016)),
        new(Programme.FNO, Subject.DanishReading, [2, 3, 4, 6, 8], FnoFirst, FnoLast),
        new(Programme.FNO, Subject.Mathematics, [2, 4, 6, 7, 8], FnoFirst, FnoLast),
    ];

    /// <summary>Every test of every school year, 170 of them, in key order.</summary>
    public static IReadOnlyList<PartitionKey> Partitions { get; } = Array.AsReadOnly(
    [
        .. from row in Grid
           from year in SchoolYear.Range(row.First, row.Last)
           from grade in row.Grades
           let key = new PartitionKey(row.Programme, year, row.Subject, grade)
           orderby key
           select key,
    ]);

    /// <summary>The distinct tests, 12 of NT and 10 of FNO, in code order.</summary>
    public static IReadOnlyList<TestCode> Tests { get; } = Array.AsReadOnly([.. Partitions.Select(key => key.TestCode).Distinct().Order()]);

    /// <summary>Every school year with tests, oldest first.</summary>
    public static IReadOnlyList<SchoolYear> SchoolYears { get; } = SchoolYear.Range(NtFirst, FnoLast);

    private static readonly FrozenSet<int> Known = Partitions.Select(key => key.Id).ToFrozenSet();

    /// <summary>True when that test was held in that school year. A grade of two digits would read as another subject's in the number.</summary>
    public static bool Contains(PartitionKey key) => key.Grade <= 9 && Known.Contains(key.Id);

    /// <summary>The ten tests of a school year; empty for a year without tests.</summary>
    public static IReadOnlyList<PartitionKey> In(SchoolYear year) => [.. Partitions.Where(key => key.SchoolYear == year)];

    /// <summary>The partitions of a programme, in key order.</summary>
    public static IReadOnlyList<PartitionKey> Of(Programme programme) => [.. Partitions.Where(key => key.Programme == programme)];

    /// <summary>The programme of a school year, or <see cref="Programme.Unspecified"/> where no test was held.</summary>
    public static Programme ProgrammeIn(SchoolYear year) => year.StartYear switch
    {
        >= 2009 and <= 2021 => Programme.NT,
        >= 2022 and <= 2025 => Programme.FNO,
        _ => Programme.Unspecified,
    };

    /// <summary>Minutes of testing for FNO (30 in grade 2, otherwise 45); null for the adaptive NT, which has no fixed length.</summary>
    public static TimeSpan? Duration(TestCode test) => test.Programme == Programme.FNO
        ? TimeSpan.FromMinutes(test.Grade == 2 ? 30 : 45)
        : null;
}
