namespace Delivery.Benchmarks.Extracts;

/// <summary>One pass over parts A, B and C with the same rows, one after the other.</summary>
/// <param name="Delivered">The pull.</param>
/// <param name="RawSeconds">The same bytes through raw TLS.</param>
/// <param name="RawServerCpuSeconds">Its sender's processor time.</param>
/// <param name="RawClientCpuSeconds">Its receiver's.</param>
/// <param name="Alone">What every byte goes through on its way, each alone.</param>
/// <param name="PipedSeconds">What people do today, piped; 0 when left out.</param>
/// <param name="FilesSeconds">What people do today, by files; 0 when left out.</param>
/// <param name="CsvBytes">Bytes of their CSV.</param>
internal sealed record Pass(
    Pulled Delivered,
    double RawSeconds,
    double RawServerCpuSeconds,
    double RawClientCpuSeconds,
    Alone Alone,
    double PipedSeconds,
    double FilesSeconds,
    long CsvBytes);

/// <summary>All passes over one number of rows.</summary>
/// <param name="Tests">Tests in the approval.</param>
/// <param name="Cold">The first pull of two fresh processes, of one test.</param>
/// <param name="FirstBatchSeconds">From opening an extract to its first batch, warm.</param>
/// <param name="All">The passes.</param>
internal sealed record Passes(int Tests, PullFigures Cold, IReadOnlyList<double> FirstBatchSeconds, IReadOnlyList<Pass> All)
{
    public PullFigures Pull => All[0].Delivered.Pull;

    public double Seconds => Median(pass => pass.Delivered.Pull.Seconds);

    public double BytesPerSecond => Pull.SealedBytes / Seconds;

    /// <summary>Of what raw TLS moved in the same pass.</summary>
    public double OfRaw => Median(pass => pass.RawSeconds / pass.Delivered.Pull.Seconds);

    /// <summary>The passes in which what people do today had its turn.</summary>
    public IReadOnlyList<Pass> WithToday => [.. All.Where(pass => pass.PipedSeconds > 0)];

    public double TimesPiped => Page.Median(WithToday.Select(pass => pass.PipedSeconds / pass.Delivered.Pull.Seconds));

    public double TimesFiles => Page.Median(WithToday.Select(pass => pass.FilesSeconds / pass.Delivered.Pull.Seconds));

    /// <summary>The most of any pass: memory is a promise, not an average.</summary>
    public double ServerPeakBytes => All.Max(pass => pass.Delivered.Server.PeakBytes);

    public double ClientPeakBytes => All.Max(pass => pass.Delivered.Client.PeakBytes);

    public double Median(Func<Pass, double> of) => Page.Median(All.Select(of));
}
