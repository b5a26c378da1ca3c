using Delivery.Protocol.Log;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;

namespace Delivery.EndToEnd.Running;

/// <summary>The committed transfer log of a running server, read beside it.</summary>
internal static class ServerLog
{
    /// <summary>The leaves from an index on, in order; each parses.</summary>
    public static IReadOnlyList<Leaf> Leaves(this RunningServer server, long first = 0)
    {
        using var log = new LogReader(server.Get<Store>());
        return [.. log.Leaves(first, long.MaxValue, "", "").Select(leaf => Leaf.Parse(leaf.Body))];
    }

    public static long LogSize(this RunningServer server)
    {
        using var log = new LogReader(server.Get<Store>());
        return log.Range.Size;
    }

    /// <summary>The leaves of one streaming call, in order.</summary>
    public static IReadOnlyList<Leaf> LeavesOfCall(this RunningServer server, ReadOnlyMemory<byte> callId)
    {
        var id = new LogHash(callId.Span);
        return [.. server.Leaves().Where(leaf => leaf.Has("call_id") && leaf.Hash("call_id") == id)];
    }

    /// <summary>Waits until the log shows something the server does on its own time.</summary>
    public static async Task<IReadOnlyList<Leaf>> LeavesOnceAsync(this RunningServer server, Func<RunningServer, IReadOnlyList<Leaf>> read, Func<IReadOnlyList<Leaf>, bool> isThere)
    {
        // Far beyond what it takes: only a server that never does it comes this far.
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var leaves = read(server);
            if (isThere(leaves))
            {
                return leaves;
            }

            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
