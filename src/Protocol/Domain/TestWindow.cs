namespace Delivery.Protocol.Domain;

/// <summary>A run of days, both ends included.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Source">Where the dates are known from: <c>guidelines</c> (months) or <c>published</c> (days).</param>
public sealed record DateSpan(DateOnly From, DateOnly To, string Source)
{
    /// <summary>True when the day lies in the span.</summary>
    public bool Contains(DateOnly date) => date >= From && date <= To;
}

/// <summary>
/// When the tests of a school year were taken. The guidelines name months and the published calendars run wider (absence
/// rounds, the 2021 extension), so a date is inside the window when either of them has it, and outside is a warning only.
/// </summary>
/// <param name="SchoolYear">The school year.</param>
/// <param name="Spans">The runs of days; a school year known by months alone has one.</param>
public sealed record TestWindow(SchoolYear SchoolYear, IReadOnlyList<DateSpan> Spans)
{
    private const string Guidelines = "guidelines";
    private const string Published = "published";

    /// <summary>The windows of all school years with tests, oldest first. A server may be configured with better ones.</summary>
    public static IReadOnlyList<TestWindow> Defaults { get; } =
    [
        .. TestCatalogue.SchoolYears.Select(year => new TestWindow(year, [Months(year), .. Days(year.StartYear)])),
    ];

    /// <summary>The default window of a school year; one without days for a year without tests.</summary>
    public static TestWindow For(SchoolYear year) =>
        Defaults.FirstOrDefault(window => window.SchoolYear == year) ?? new TestWindow(year, []);

    /// <summary>True when any span has the day.</summary>
    public bool Contains(DateOnly date) => Spans.Any(span => span.Contains(date));

    // The guidelines say "the first school years" for February–April without naming the last of them; 2016/17 is the last
    // year whose published calendar starts in February or before.
    private static DateSpan Months(SchoolYear year) => year.StartYear switch
    {
        <= 2016 => Spring(year, 2),
        <= 2021 => Spring(year, 3),
        2022 => new(new(2022, 11, 1), new(2022, 12, 31), Guidelines),
        _ => new(new(year.StartYear, 9, 1), new(year.StartYear, 10, 31), Guidelines),
    };

    private static DateSpan Spring(SchoolYear year, int firstMonth) =>
        new(new(year.StartYear + 1, firstMonth, 1), new(year.StartYear + 1, 4, 30), Guidelines);

    private static IEnumerable<DateSpan> Days(int startYear) => startYear switch
    {
        2010 => [Day(2011, 1, 10, 4, 29), Day(2011, 6, 6, 6, 24)],
        2014 => [Day(2015, 1, 19, 4, 30)],
        2016 => [Day(2017, 2, 1, 4, 28), Day(2017, 4, 29, 6, 9)],
        2018 => [Day(2019, 3, 1, 4, 30), Day(2019, 5, 21, 6, 7)],
        2019 => [Day(2020, 3, 1, 4, 30), Day(2020, 5, 18, 6, 4)],
        2020 => [Day(2021, 3, 1, 6, 11)],
        2021 => [Day(2022, 3, 1, 4, 30), Day(2022, 5, 16, 6, 10)],
        2022 => [Day(2022, 11, 7, 11, 25), Day(2022, 11, 28, 12, 16)],
        2023 => [Day(2023, 8, 1, 10, 31)],
        _ => [],
    };

    private static DateSpan Day(int year, int fromMonth, int fromDay, int toMonth, int toDay) =>
        new(new(year, fromMonth, fromDay), new(year, toMonth, toDay), Published);
}
