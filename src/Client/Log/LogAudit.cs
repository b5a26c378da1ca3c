using Delivery.Protocol.Log;

namespace Delivery.Client.Log;

/// <summary>One check of the whole visible log against a policy. One use.</summary>
internal sealed class LogAudit(LogClient log, CheckpointMemory memory, LogPolicy policy)
{
    private readonly LogHeads _newest = new(log, memory, policy);

    // Owned by this audit: heads that proofs led to, already proven consistent with the audited one, by size.
    private readonly Dictionary<long, LogHash> _heads = [];

    public async Task<LogReport> RunAsync(CancellationToken cancellation)
    {
        var believed = await _newest.NewestAsync(cancellation);
        var head = believed.Head;
        _heads[head.Size] = head.Root;
        var (count, root, leaves) = await ReadAsync(head, cancellation);
        var isWhole = count == head.Size;
        if (isWhole && root != head.Root)
        {
            throw LogHeads.Refused(LogProofCode.LeafNotIncluded);
        }

        if (!isWhole)
        {
            await ProveAsync(leaves, head, cancellation);
        }

        _newest.Remember(believed);
        return new LogReport(head.Origin, head.Size, head.Root.ToString(), count, count, isWhole, believed.Seen?.Size, believed.Cosignatures.Count);
    }

    /// <summary>Reads every visible leaf below the head. The hashes of leaves are kept only until a gap shows that not all are visible.</summary>
    private async Task<(long Count, LogHash Root, List<(long Index, LogHash Hash)> Leaves)> ReadAsync(Checkpoint head, CancellationToken cancellation)
    {
        var range = new CompactRange();
        var leaves = new List<(long, LogHash)>();
        await foreach (var (index, bytes) in log.ReadAsync(0, 0, null, cancellation))
        {
            if (index >= head.Size)
            {
                break;
            }

            var leaf = LogEntries.Parse(bytes);
            var isAfter = leaves.Count == 0 || index > leaves[^1].Item1;
            if (leaf.Index != index || leaf.Origin != head.Origin || !isAfter)
            {
                throw LogHeads.Refused(LogProofCode.LeafMisplaced);
            }

            var hash = LogHash.Leaf(bytes);
            leaves.Add((index, hash));
            range.Append(hash);
        }

        return (leaves.Count, range.Root(), leaves);
    }

    private async Task ProveAsync(List<(long Index, LogHash Hash)> leaves, Checkpoint head, CancellationToken cancellation)
    {
        foreach (var (index, hash) in leaves)
        {
            var (leaf, proof) = await log.ProofAsync(index, policy.Quorum > 0, cancellation);
            var result = LogProofVerifier.Verify(policy, leaf, proof);
            if (result.Checkpoint is not { } shown)
            {
                throw LogHeads.Refused(result.Code);
            }

            if (LogHash.Leaf(leaf) != hash || result.Leaf!.Index != index)
            {
                throw LogHeads.Refused(LogProofCode.LeafMisplaced);
            }

            await SameHistoryAsync(head, shown, cancellation);
        }
    }

    // The log grows while it is audited, so a proof may lead to a later head than the one it began with.
    private async Task SameHistoryAsync(Checkpoint head, Checkpoint shown, CancellationToken cancellation)
    {
        if (!_heads.TryGetValue(shown.Size, out var root))
        {
            if (!await _newest.AreOneHistoryAsync(head, shown, cancellation))
            {
                throw LogHeads.Refused(LogProofCode.HistoryForked);
            }

            _heads[shown.Size] = root = shown.Root;
        }

        if (root != shown.Root)
        {
            throw LogHeads.Refused(LogProofCode.HistoryForked);
        }
    }
}
