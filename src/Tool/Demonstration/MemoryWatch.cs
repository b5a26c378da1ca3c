using System.Diagnostics;

namespace Delivery.Tool.Demonstration;

/// <summary>
/// Notes the most memory this process has used since the watch began. The heap is sampled, so a peak shorter than a tenth of a
/// second can be missed; the working set's peak comes from the operating system.
/// </summary>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly ITimer _timer;
    private long _peakManagedHeapBytes;

    public MemoryWatch(TimeProvider clock) => _timer = clock.CreateTimer(_ => Sample(), null, TimeSpan.Zero, Interval);

    /// <summary>Largest managed heap seen, in bytes.</summary>
    public long PeakManagedHeapBytes
    {
        get
        {
            Sample();
            return Interlocked.Read(ref _peakManagedHeapBytes);
        }
    }

    /// <summary>Largest working set of the process since it began, in bytes.</summary>
    public static long PeakWorkingSetBytes
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64;
        }
    }

    public void Dispose() => _timer.Dispose();

    // Timer callbacks may overlap on a busy machine; the larger value has to win.
    private void Sample()
    {
        var now = GC.GetTotalMemory(forceFullCollection: false);
        for (var seen = Interlocked.Read(ref _peakManagedHeapBytes); now > seen;)
        {
            var before = Interlocked.CompareExchange(ref _peakManagedHeapBytes, now, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
