using System.Globalization;

namespace Delivery.Benchmarks.Extracts;

/// <summary>What a process has used since it began, as the operating system counts it (Linux: proc(5)).</summary>
/// <param name="PeakBytes">Most resident memory at any moment (VmHWM).</param>
/// <param name="AnonymousBytes">Resident memory now that is the process's own, mapped files left out (RssAnon).</param>
/// <param name="CpuSeconds">Processor time of all threads.</param>
internal sealed record ProcessFigures(long PeakBytes, long AnonymousBytes, double CpuSeconds)
{
    /// <summary>This process's.</summary>
    public static ProcessFigures Current()
    {
        var status = File.ReadLines("/proc/self/status")
            .Select(line => line.Split(':', 2))
            .ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.Ordinal);
        return new ProcessFigures(Bytes(status["VmHWM"]), Bytes(status["RssAnon"]), Environment.CpuUsage.TotalTime.TotalSeconds);
    }

    private static long Bytes(string kilobytes) => long.Parse(kilobytes.Split(' ')[0], CultureInfo.InvariantCulture) << 10;
}
