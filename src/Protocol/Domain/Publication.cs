namespace Delivery.Protocol.Domain;

/// <summary>When the national results of a programme and school year were published on uddannelsesstatistik.dk.</summary>
/// <param name="Programme">The programme.</param>
/// <param name="SchoolYear">The school year.</param>
/// <param name="PublishedOn">The day, or null when not known to be published; never guessed.</param>
/// <param name="Source">Where the day is known from.</param>
public sealed record Publication(Programme Programme, SchoolYear SchoolYear, DateOnly? PublishedOn, string Source)
{
    /// <summary>
    /// The FNO years as a new server knows them. 2022/23 was published during 2023 on a day not known here, so STIL has to
    /// enter it before that year can be delivered.
    /// </summary>
    public static IReadOnlyList<Publication> Defaults { get; } =
    [
        new(Programme.FNO, new SchoolYear(2022), null, ""),
        new(Programme.FNO, new SchoolYear(2023), new DateOnly(2024, 5, 2), "uddannelsesstatistik.dk"),
        new(Programme.FNO, new SchoolYear(2024), null, ""),
        new(Programme.FNO, new SchoolYear(2025), null, ""),
    ];
}

/// <summary>The release gate: FNO results of a year leave only when that year's national results are public (guidelines 2.3.2).</summary>
/// <param name="rows">The publication table.</param>
public sealed class PublicationCalendar(IEnumerable<Publication> rows)
{
    private readonly Dictionary<(Programme, SchoolYear), DateOnly?> _days =
        rows.ToDictionary(row => (row.Programme, row.SchoolYear), row => row.PublishedOn);

    /// <summary>True when the partition may be delivered on <paramref name="today"/>: always for NT, for FNO from the day of publication.</summary>
    public bool IsReleased(PartitionKey partition, DateOnly today) => partition.Programme switch
    {
        Programme.NT => true,
        Programme.FNO => _days.GetValueOrDefault((partition.Programme, partition.SchoolYear)) is { } day && day <= today,
        Programme.Unspecified => false,
    };
}
