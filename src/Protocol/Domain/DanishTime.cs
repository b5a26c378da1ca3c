namespace Delivery.Protocol.Domain;

/// <summary>
/// Danish civil time without a time-zone database, so that a date means the same on every machine: UTC+1, and UTC+2 from
/// 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October (directive 2000/84/EC; the same since 1996).
/// </summary>
public static class DanishTime
{
    /// <summary>The local date and time in Denmark at an instant; its kind is unspecified.</summary>
    public static DateTime Local(DateTimeOffset instant)
    {
        var utc = instant.UtcDateTime;
        var summer = utc >= LastSundayAtOne(utc.Year, 3) && utc < LastSundayAtOne(utc.Year, 10);
        return DateTime.SpecifyKind(utc.AddHours(summer ? 2 : 1), DateTimeKind.Unspecified);
    }

    /// <summary>The date in Denmark at an instant.</summary>
    public static DateOnly DateOf(DateTimeOffset instant) => DateOnly.FromDateTime(Local(instant));

    private static DateTime LastSundayAtOne(int year, int month)
    {
        var last = new DateTime(year, month, 31, 1, 0, 0, DateTimeKind.Utc);
        return last.AddDays(-(int)last.DayOfWeek);
    }
}
