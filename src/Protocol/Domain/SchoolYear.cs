using System.Globalization;

namespace Delivery.Protocol.Domain;

/// <summary>
/// A Danish school year, 1 August to 31 July. Written <c>2014/2015</c>; the short form <c>2014/15</c> is read too.
/// </summary>
/// <param name="StartYear">The calendar year of its 1 August.</param>
public readonly record struct SchoolYear(int StartYear) : IComparable<SchoolYear>
{
    /// <summary>1 August.</summary>
    public DateOnly FirstDay => new(StartYear, 8, 1);

    /// <summary>31 July of the year after.</summary>
    public DateOnly LastDay => new(StartYear + 1, 7, 31);

    /// <summary>The form of buttons and headings, <c>2014/15</c>.</summary>
    public string ShortText => string.Create(CultureInfo.InvariantCulture, $"{StartYear:D4}/{(StartYear + 1) % 100:D2}");

    /// <summary>The school year a date falls in.</summary>
    public static SchoolYear Of(DateOnly date) => new(date.Month >= 8 ? date.Year : date.Year - 1);

    /// <summary>Every school year from <paramref name="first"/> to <paramref name="last"/>, both included; empty when they are in wrong order.</summary>
    public static IReadOnlyList<SchoolYear> Range(SchoolYear first, SchoolYear last) =>
        [.. Enumerable.Range(first.StartYear, Math.Max(0, last.StartYear - first.StartYear + 1)).Select(year => new SchoolYear(year))];

    /// <summary>True when the date lies in the school year.</summary>
    public bool Contains(DateOnly date) => Of(date).StartYear == StartYear;

    /// <summary>Reads <c>2014/2015</c> or <c>2014/15</c>; false for any other form or when the years do not follow each other.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SchoolYear year)
    {
        year = default;
        if (text.Length is not (7 or 9) || text[4] != '/'
            || !int.TryParse(text[..4], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            || !int.TryParse(text[5..], NumberStyles.None, CultureInfo.InvariantCulture, out var end)
            || start is < 1900 or > 2999)
        {
            return false;
        }

        var follows = text.Length == 9 ? end == start + 1 : end == (start + 1) % 100;
        year = follows ? new SchoolYear(start) : default;
        return follows;
    }

    /// <inheritdoc/>
    public int CompareTo(SchoolYear other) => StartYear.CompareTo(other.StartYear);

    /// <summary>The full form, <c>2014/2015</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{StartYear:D4}/{StartYear + 1:D4}");
}
