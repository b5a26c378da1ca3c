using System.Data.Common;
using Delivery.Protocol.Log;
using Delivery.Server.Storage;

namespace Delivery.Server.TransferLog;

/// <summary>
/// Remembers the newest leaf this process was told is committed, and holds a database that was lost and came back to it, and to the pin: a standby that
/// had not got everything its primary acknowledged is not served from. Threads may share it.
/// </summary>
internal sealed class LogGuard(Store store, PinFile pin, LogAlarm alarm)
{
    private readonly Lock _gate = new();
    private CompactRange? _committed;

    /// <summary>Looks at the database each time the writer opens it again.</summary>
    public void Watch(StoreWriter writer)
    {
        writer.GuardWith(Check);
        writer.Rejected += alarm.Raise;
    }

    /// <summary>A leaf was committed; the log has this right edge with it.</summary>
    public void Remember(CompactRange range)
    {
        lock (_gate)
        {
            if (_committed is null || _committed.Size < range.Size)
            {
                _committed = range;
            }
        }
    }

    private void Check(DbConnection connection)
    {
        using var log = LogReader.Over(store, connection);
        pin.Check(log);
        CompactRange? committed;
        lock (_gate)
        {
            committed = _committed;
        }

        if (committed is not null && (log.Range.Size < committed.Size || Subtrees.Root(committed.Size, log.Node) != committed.Root()))
        {
            throw new InvalidDataException(
                $"The transfer log holds {log.Range.Size} leaves, and this server was told that {committed.Size} were committed, or they are others: the database that came back lost what was acknowledged. Nothing is served from it.");
        }
    }
}
