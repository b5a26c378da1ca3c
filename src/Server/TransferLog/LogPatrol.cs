using System.Data.Common;
using Delivery.Protocol.Log;
using Delivery.Server.Health;
using Delivery.Server.Storage;

namespace Delivery.Server.TransferLog;

/// <summary>
/// Recomputes the log under the running server, 256 leaves a second from a random place on and round again, so that a million leaves take little more
/// than an hour. A log that was altered at rest stops the server: what it would go on proving is not what was signed.
/// </summary>
internal sealed class LogPatrol(Store store, TimeProvider clock, LogAlarm alarm) : RecurringWork(TimeSpan.FromSeconds(1), clock)
{
    // Where it begins need only differ from start to start.
    private long _turn = Random.Shared.NextInt64(long.MaxValue / 2);

    /// <summary>Whether the leaves of one of the lowest tiles have the hashes that are stored for them, and these lead to the log's root.</summary>
    public static bool Holds(LogReader log, long tile)
    {
        var (first, size) = (tile * Tile.FullWidth, log.Range.Size);
        var leaves = log.Leaves(first, Tile.FullWidth, "", "");
        if (leaves.Count != Math.Min(Tile.FullWidth, size - first))
        {
            return false;
        }

        // Every leaf by itself against its stored hash; the first one for all of them up to the root, because the path takes in the others.
        return leaves.Index().All(leaf => leaf.Item.Index == first + leaf.Index && LogHash.Leaf(leaf.Item.Body) == log.Node(new LogNode(0, leaf.Item.Index)))
            && InclusionProof.Verify(LogHash.Leaf(leaves[0].Body), first, size, InclusionProof.Build(first, size, log.Node), log.Range.Root());
    }

    /// <summary>How many tiles there are to look at; a log that is served has one at least.</summary>
    public static long TileCount(LogReader log) => (log.Range.Size + Tile.FullWidth - 1) / Tile.FullWidth;

    protected override Task TurnAsync(CancellationToken stopping)
    {
        // What has been found once need not be found again while the server stops.
        if (!alarm.IsRaised)
        {
            Look(_turn++);
        }

        return Task.CompletedTask;
    }

    private void Look(long turn)
    {
        try
        {
            using var log = new LogReader(store);
            var tile = turn % TileCount(log);
            if (!Holds(log, tile))
            {
                alarm.Raise(new InvalidDataException($"The transfer log was altered at or after leaf {tile * Tile.FullWidth}. Run delivery log fsck on it."));
            }
        }
        catch (Exception exception) when (exception is InvalidDataException || store.Judge(exception) is StoreFault.Damaged)
        {
            alarm.Raise(new InvalidDataException("The transfer log cannot be read. Run delivery log fsck on it.", exception));
        }
        catch (Exception exception) when (exception is StoreUnavailableException or DbException || store.Judge(exception) is StoreFault.Lost or StoreFault.Busy)
        {
            // Nothing was learned of the log; the next turn looks again.
        }
    }
}
