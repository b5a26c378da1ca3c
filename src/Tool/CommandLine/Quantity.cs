using System.Globalization;

namespace Delivery.Tool.CommandLine;

/// <summary>Amounts as people read them.</summary>
internal static class Quantity
{
    /// <summary>Bytes in a fitting unit, powers of 1024.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1L << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:N1} KiB"),
        < 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):N1} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024 * 1024):N2} GiB"),
    };

    /// <summary>A count with thousands apart.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Seconds with two decimals.</summary>
    public static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:N2} s");

    /// <summary>So many a second.</summary>
    public static string Rate(long count, double seconds) => Count((long)(count / Math.Max(seconds, 0.000_001)));
}
