using System.Runtime.CompilerServices;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;
using Microsoft.EntityFrameworkCore;

namespace Delivery.Server.Approvals;

/// <summary>
/// Follows projects through the log: every step has a leaf, so what the log has not said has not happened, whichever server it happened on.
/// </summary>
internal sealed class ProjectFeed(Store store, IHostApplicationLifetime server, TimeProvider clock)
{
    // How soon a change is seen at the latest.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // Leaves looked at in one go; the rest follows at once.
    private const int PageLeaves = 1000;

    /// <summary>
    /// The ids of all projects, then of each project a new leaf is about, with the size of the log they were read at. Ends when the server stops, so
    /// that nobody who merely listens holds it up.
    /// </summary>
    public async IAsyncEnumerable<(string ProjectId, long LogSize)> WatchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var (size, ids) = Everything();
        foreach (var id in ids)
        {
            yield return (id, size);
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

    private (long Size, List<string> Ids) Everything()
    {
        using var log = new LogReader(store);
        var size = log.Range.Size;
        return (size, store.Read(db => db.Set<ProjectRow>().AsNoTracking().OrderBy(row => row.ProjectId).Select(row => row.ProjectId).ToList()));
    }

    private IReadOnlyList<string> Changed(ref long size)
    {
        using var log = new LogReader(store);
        if (log.Range.Size == size)
        {
            return [];
        }

        var leaves = log.Leaves(size, PageLeaves, projectId: "", organisation: "");
        size = leaves[^1].Index + 1;
        return [.. leaves.Select(leaf => Protocol.Log.Leaf.Parse(leaf.Body).ProjectId).OfType<string>().Distinct()];
    }
}
