namespace Delivery.Server.TransferLog;

/// <summary>Gathers what a check finds wrong. A log altered early is wrong all the way, so only the first findings are kept.</summary>
internal sealed class LogFindings
{
    private const int KeptMax = 100;

    private readonly List<LogFinding> _kept = [];

    public IReadOnlyList<LogFinding> Kept => _kept;

    public long Count { get; private set; }

    public void Add(LogFault fault, long place)
    {
        Count++;
        if (_kept.Count < KeptMax)
        {
            _kept.Add(new LogFinding(fault, place));
        }
    }

    public void Unless(bool holds, LogFault fault, long place)
    {
        if (!holds)
        {
            Add(fault, place);
        }
    }
}
