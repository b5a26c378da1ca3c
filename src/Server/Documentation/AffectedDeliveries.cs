using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Approvals;
using Delivery.Protocol.Domain.Errata;
using Delivery.Server.Approvals;
using Delivery.Server.Extracts;
using Delivery.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Delivery.Server.Documentation;

/// <summary>One delivery that brought what an erratum concerns.</summary>
/// <param name="ProjectId">The project.</param>
/// <param name="ExtractId">The extract, or the name of a reuse.</param>
/// <param name="Holding">What it left; null where bytes left and no receipt came.</param>
/// <param name="SourceHoldingId">The holding it was carried over from; empty for an extract.</param>
/// <param name="IsCarried">Whether the delivery itself carried the erratum.</param>
/// <param name="Hits">What of it is concerned.</param>
internal sealed record AffectedDelivery(
    string ProjectId, string ExtractId, HoldingRow? Holding, string SourceHoldingId, bool IsCarried, IReadOnlyList<ErratumHit> Hits);

/// <summary>
/// Who received what an erratum concerns: extracts of which bytes left, with the generations they read, and holdings carried over from them,
/// however often. Read from one state of the database; one use.
/// </summary>
internal sealed class AffectedDeliveries(DeliveryDb db)
{
    private readonly Dictionary<(string, int), ProjectApproval> _approvals = [];
    private readonly Dictionary<string, HoldingRow> _holdings = db.Set<HoldingRow>().AsNoTracking().ToDictionary(row => row.HoldingId, StringComparer.Ordinal);
    private readonly Dictionary<string, ExtractRow> _extracts = db.Set<ExtractRow>().AsNoTracking().ToDictionary(row => row.ExtractId, StringComparer.Ordinal);
    private readonly ILookup<string, GenerationUseRow> _read = db.Set<GenerationUseRow>().AsNoTracking().AsEnumerable().ToLookup(row => row.Holder, StringComparer.Ordinal);
    private readonly ILookup<string, string> _carried = db.Set<ExtractErratumRow>().AsNoTracking().AsEnumerable().ToLookup(row => row.ExtractId, row => row.ErratumId, StringComparer.Ordinal);
    private readonly Dictionary<string, long> _released = db.Set<ExtractRangeRow>().AsNoTracking()
        .GroupBy(row => row.ExtractId).Select(ranges => new { Id = ranges.Key, To = ranges.Max(row => row.ToBatch) }).ToDictionary(row => row.Id, row => row.To, StringComparer.Ordinal);

    /// <summary>The deliveries an erratum concerns, by project, then extract.</summary>
    public IReadOnlyList<AffectedDelivery> Of(Erratum erratum)
    {
        var holdings = _holdings.Values.ToDictionary(row => row.ExtractId, StringComparer.Ordinal);
        var extracts = _extracts.Values.Where(row => _released.ContainsKey(row.ExtractId))
            .Select(row => Of(erratum, row.ProjectId, row.ExtractId, holdings.GetValueOrDefault(row.ExtractId)));
        var reuses = _holdings.Values.Where(row => !_extracts.ContainsKey(row.ExtractId))
            .Select(row => Of(erratum, row.ProjectId, row.ExtractId, row));
        return
        [
            .. extracts.Concat(reuses).Where(delivery => delivery.Hits.Count > 0)
                .OrderBy(delivery => delivery.ProjectId, StringComparer.Ordinal).ThenBy(delivery => delivery.ExtractId, StringComparer.Ordinal),
        ];
    }

    private AffectedDelivery Of(Erratum erratum, string projectId, string extractId, HoldingRow? holding)
    {
        if (_extracts.TryGetValue(extractId, out var extract))
        {
            var scope = Approval(projectId, extract.ApprovalVersion).Scope.RestrictedTo((Programme)extract.Programme);
            return new AffectedDelivery(projectId, extractId, holding, "", _carried[extractId].Contains(erratum.Id), erratum.In(scope, Received(extract, scope)));
        }

        var source = Source(holding!);
        var origin = Origin(holding!);
        var carriedOver = Approval(projectId, holding!.ApprovalVersion).Scope;
        var received = origin is null ? carriedOver.Partitions().Select(partition => (partition, 0L)) : WithinScope(carriedOver, origin);
        return new AffectedDelivery(
            projectId, extractId, holding, source?.HoldingId ?? "", origin is not null && _carried[origin.ExtractId].Contains(erratum.Id), erratum.In(carriedOver, received));
    }

    private IEnumerable<(PartitionKey Partition, long Generation)> WithinScope(Scope scope, ExtractRow origin)
    {
        var partitions = scope.Partitions().ToHashSet();
        return Received(origin, Approval(origin.ProjectId, origin.ApprovalVersion).Scope.RestrictedTo((Programme)origin.Programme)).Where(read => partitions.Contains(read.Partition));
    }

    // What left of an extract. One that was completed brought all it read; of another, the batches up to the last released one.
    private IReadOnlyList<(PartitionKey Partition, long Generation)> Received(ExtractRow extract, Scope scope)
    {
        var generations = _read[extract.ExtractId].ToDictionary(row => row.PartitionId, row => row.Generation);
        var partitions = scope.PartitionsOf((Programme)extract.Programme);
        if (generations.Count == 0)
        {
            return [.. partitions.Select(partition => (partition, 0L))];
        }

        var all = partitions.Where(partition => generations.ContainsKey(partition.Id)).Select(partition => (partition, generations[partition.Id])).ToList();
        return extract.State is ExtractState.Completed or ExtractState.Acknowledged ? all : Begun(all, _released.GetValueOrDefault(extract.ExtractId));
    }

    // Segments of an abandoned extract may be gone; what can no longer be counted is taken as received.
    private List<(PartitionKey Partition, long Generation)> Begun(List<(PartitionKey Partition, long Generation)> all, long batches)
    {
        var begun = new List<(PartitionKey, long)>();
        foreach (var (partition, generation) in all.TakeWhile(_ => batches > 0))
        {
            begun.Add((partition, generation));
            batches -= db.Set<SegmentRow>().Count(row => row.PartitionId == partition.Id && row.Generation == generation);
        }

        return begun;
    }

    private HoldingRow? Source(HoldingRow reuse) =>
        Approval(reuse.ProjectId, reuse.ApprovalVersion).Transfer is { } transfer ? _holdings.GetValueOrDefault(transfer.SourceHolding.Value) : null;

    // The extract a holding stems from, through any number of reuses; null where the way is lost. A reuse is younger than its source, so the way ends.
    private ExtractRow? Origin(HoldingRow holding)
    {
        var at = holding;
        for (var steps = 0; steps <= _holdings.Count && at is not null; steps++)
        {
            if (_extracts.TryGetValue(at.ExtractId, out var extract))
            {
                return extract;
            }

            at = Source(at);
        }

        return null;
    }

    private ProjectApproval Approval(string projectId, int version)
    {
        if (!_approvals.TryGetValue((projectId, version), out var approval))
        {
            approval = ApprovedProject.Version(db, projectId, version);
            _approvals.Add((projectId, version), approval);
        }

        return approval;
    }
}
