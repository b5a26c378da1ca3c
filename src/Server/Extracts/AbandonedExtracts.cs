using Delivery.Protocol.Log;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Extracts;

/// <summary>
/// Releases what extracts have pinned that nobody asks for any more, so that superseded results do not stay for a recipient that never comes back.
/// An extract that was delivered whole can still be acknowledged afterwards: the data are there, and so is the duty to delete them.
/// </summary>
internal sealed class AbandonedExtracts(LogAppender log, LogKey key, IOptions<ExtractOptions> options)
{
    /// <summary>Abandons every extract without a receipt whose last call ended long enough ago.</summary>
    public void Release(WriteScope scope, DateTimeOffset now)
    {
        var open = scope.Db.Set<ExtractRow>().Where(row => row.State == ExtractState.Open || row.State == ExtractState.Completed).ToList();
        if (open.Count == 0)
        {
            return;
        }

        var abandoned = open.Where(extract => LastEnd(scope.Db, extract) is { } end && now - end >= options.Value.AbandonAfter).ToList();
        foreach (var extract in abandoned)
        {
            var ranges = scope.Db.Set<ExtractRangeRow>().AsNoTracking().Where(row => row.ExtractId == extract.ExtractId)
                .Select(row => new { row.RowsBefore, row.ToBatch }).ToList();
            log.Append(scope, LeafDraft.ExtractAbandoned(
                key.System, extract.ProjectId, extract.ExtractId, ranges.Select(range => range.RowsBefore).DefaultIfEmpty().Max(), ranges.Select(range => range.ToBatch).DefaultIfEmpty().Max()));
            extract.State = ExtractState.Abandoned;
            scope.Execute("DELETE FROM generation_pin WHERE holder = $1", extract.ExtractId);
        }

        if (abandoned.Count > 0)
        {
            scope.Db.SaveChanges();
            PartitionStore.RemoveSuperseded(scope);
        }
    }

    // Null while a call runs.
    private static DateTimeOffset? LastEnd(DeliveryDb db, ExtractRow extract)
    {
        var ends = db.Set<ExtractCallRow>().AsNoTracking().Where(call => call.ExtractId == extract.ExtractId).Select(call => call.TerminalLogIndex).ToList();
        if (ends.Count == 0 || ends.Min() < 0)
        {
            return null;
        }

        var last = ends.Max();
        return DateTimeOffset.FromUnixTimeMilliseconds(db.Set<LogLeafRow>().Where(leaf => leaf.Index == last).Select(leaf => leaf.TimestampMs).Single());
    }
}
