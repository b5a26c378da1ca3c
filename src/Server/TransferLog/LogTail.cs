using System.Runtime.CompilerServices;
using Delivery.Protocol.Log;
using Delivery.Server.Storage;

namespace Delivery.Server.TransferLog;

/// <summary>
/// Follows the log as it grows, for those who tell others of changes: every change has a leaf, so what the log has not said has not happened,
/// whichever server it happened on. Threads may share it.
/// </summary>
internal sealed class LogTail(Store store, IHostApplicationLifetime server, TimeProvider clock)
{
    // How soon a change is seen at the latest.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // Leaves looked at in one go; the rest follows at once.
    private const int PageLeaves = 1000;

    /// <summary>How many leaves there are now.</summary>
    public long Size()
    {
        using var log = new LogReader(store);
        return log.Range.Size;
    }

    /// <summary>
    /// New leaves, in order, some at a time, with the size of the log after them. Ends when the server stops, so that nobody who merely listens
    /// holds it up.
    /// </summary>
    /// <param name="size">Leaves that are known already.</param>
    /// <param name="cancellation">The listener's own end.</param>
    public async IAsyncEnumerable<(IReadOnlyList<Leaf> Leaves, long Size)> FollowAsync(long size, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await TickAsync(timer, cancellation))
        {
            while (After(size) is { Count: > 0 } leaves)
            {
                size = leaves[^1].Index + 1;
                yield return (leaves, size);
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

    private IReadOnlyList<Leaf> After(long size)
    {
        using var log = new LogReader(store);
        return log.Range.Size == size ? [] : [.. log.Leaves(size, PageLeaves, projectId: "", organisation: "").Select(leaf => Leaf.Parse(leaf.Body))];
    }
}
