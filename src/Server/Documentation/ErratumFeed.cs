using System.Runtime.CompilerServices;
using Delivery.Protocol.Log;
using Delivery.Server.Catalogue;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;

namespace Delivery.Server.Documentation;

/// <summary>Follows errata through the log: registering and withdrawing one are leaves.</summary>
internal sealed class ErratumFeed(Store store, LogTail tail)
{
    /// <summary>
    /// First an empty id, at once; then the ids of all errata; then each that a new leaf is about. With each, the size of the log it was read at.
    /// Ends when the server stops.
    /// </summary>
    public async IAsyncEnumerable<(string ErratumId, long LogSize)> WatchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var known = tail.Size();
        yield return ("", known);
        foreach (var erratum in store.Read(ErratumDesk.All))
        {
            yield return (erratum.Row.ErratumId, known);
        }

        await foreach (var (leaves, size) in tail.FollowAsync(known, cancellation))
        {
            var told = leaves.Where(leaf => leaf.Type is LeafType.ErratumRegistered or LeafType.ErratumWithdrawn);
            foreach (var id in told.Select(leaf => leaf.Text("erratum_id")).Distinct())
            {
                yield return (id, size);
            }
        }
    }
}
