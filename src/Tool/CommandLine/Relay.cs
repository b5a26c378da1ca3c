namespace Delivery.Tool.CommandLine;

/// <summary>Passes on one number of each report, at once and on the reporting thread, so that no report arrives after the end.</summary>
internal sealed class Relay<T>(IProgress<long> target, Func<T, long> pick) : IProgress<T>
{
    public void Report(T value) => target.Report(pick(value));
}
