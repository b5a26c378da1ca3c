using System.Collections.Concurrent;

namespace Delivery.Server.Intake;

/// <summary>Danish local times as instants. Threads may share it.</summary>
internal static class CopenhagenTime
{
    // Clocks change between two and three in the night; from this hour on the offset is the same all day.
    private const int FirstSettledHour = 4;

    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Copenhagen");

    // One entry a day of test, a few thousand in all: looking the zone up for each row would cost more than reading the row.
    private static readonly ConcurrentDictionary<int, long> OffsetSeconds = new();

    /// <summary>Seconds since 1970-01-01 UTC. An hour that occurs twice counts as the later one, standard time.</summary>
    public static long UnixSeconds(DateTime local)
    {
        var offset = local.Hour < FirstSettledHour
            ? Offset(local)
            : OffsetSeconds.GetOrAdd(DateOnly.FromDateTime(local).DayNumber, static day => Offset(DateOnly.FromDayNumber(day).ToDateTime(new TimeOnly(FirstSettledHour, 0))));
        return ((local.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond) - offset;
    }

    /// <summary>Whether Danish local time can be told of so many seconds since 1970-01-01: years 2 to 9998, so that no zone leads out of the calendar.</summary>
    public static bool IsInRange(long unixSeconds) => unixSeconds is >= -62_104_060_800 and < 253_370_764_800;

    /// <summary>What the clock showed so many seconds after 1970-01-01 UTC.</summary>
    public static DateTime Local(long unixSeconds) =>
        TimeZoneInfo.ConvertTimeFromUtc(DateTime.UnixEpoch.AddTicks(unixSeconds * TimeSpan.TicksPerSecond), Zone);

    private static long Offset(DateTime local) => (long)Zone.GetUtcOffset(local).TotalSeconds;
}
