using System.Runtime.CompilerServices;
using Delivery.Protocol.Log;
using Delivery.Server.Catalogue;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;

namespace Delivery.Server.Documentation;

/// <summary>Follows errata through the log: registering and withdrawing one are leaves, so what the log has not said has not happened.</summary>
internal sealed class ErratumFeed(Store store, IHostApplicationLifetime server, TimeProvider clock)
{
    // How soon a change is seen at the latest.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // Leaves looked at in one go; the rest follows at once.
    private const int PageLeaves = 1000;

    /// <summary>
    /// First an empty id, at once; then the ids of all errata; then each that a new leaf is about. With each, the size of the log it was read at.
    /// Ends when the server stops, so that nobody who merely listens holds it up.
    /// </summary>
    public async IAsyncEnumerable<(string ErratumId, long LogSize)> WatchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var size = Size();
        yield return ("", size);
        foreach (var known in store.Read(ErratumDesk.All))
        {
            yield return (known.Row.ErratumId, size);
        }

        using var timer = new PeriodicTimer(Interval, clock);
        while (await TickAsync(timer, cancellation))
        {
            foreach (var id in Changed(ref size))
            {
                yield return (id, size);
            }
        }
    }

    private async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, server.ApplicationStopping);
        try
        {
            return await timer.WaitForNextTickAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private long Size()
    {
        using var log = new LogReader(store);
        return log.Range.Size;
    }

    private IReadOnlyList<string> Changed(ref long size)
    {
        using var log = new LogReader(store);
        var ids = new List<string>();
        while (size < log.Range.Size)
        {
            var leaves = log.Leaves(size, PageLeaves, projectId: "", organisation: "");
            size = leaves[^1].Index + 1;
            ids.AddRange(leaves.Select(leaf => Leaf.Parse(leaf.Body))
                .Where(leaf => leaf.Type is LeafType.ErratumRegistered or LeafType.ErratumWithdrawn)
                .Select(leaf => leaf.Text("erratum_id")));
        }

        return [.. ids.Distinct()];
    }
}
