using System.Runtime.CompilerServices;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;
using Microsoft.EntityFrameworkCore;

namespace Delivery.Server.Approvals;

/// <summary>Follows projects through the log.</summary>
internal sealed class ProjectFeed(Store store, LogTail tail)
{
    /// <summary>
    /// The ids of all projects, then of each project a new leaf is about, with the size of the log they were read at. Ends when the server stops.
    /// </summary>
    public async IAsyncEnumerable<(string ProjectId, long LogSize)> WatchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var known = tail.Size();
        foreach (var id in store.Read(db => db.Set<ProjectRow>().AsNoTracking().OrderBy(row => row.ProjectId).Select(row => row.ProjectId).ToList()))
        {
            yield return (id, known);
        }

        await foreach (var (leaves, size) in tail.FollowAsync(known, cancellation))
        {
            foreach (var id in leaves.Select(leaf => leaf.ProjectId).OfType<string>().Distinct())
            {
                yield return (id, size);
            }
        }
    }
}
