using Delivery.Client.Refusals;
using Delivery.Protocol.Log;

namespace Delivery.Client.Log;

/// <summary>One check of the whole visible log against a policy. One use.</summary>
internal sealed class LogAudit(LogClient log, CheckpointMemory memory, LogPolicy policy)
{
    // Owned by this audit: heads that proofs led to, already proven consistent with the audited one, by size.
    private readonly Dictionary<long, LogHash> _heads = [];

    public async Task<LogReport> RunAsync(CancellationToken cancellation)
    {
        var note = await log.CheckpointAsync(cancellation);
        var opening = CheckpointVerifier.Open(policy, note);
        if (opening.Checkpoint is not { } head)
        {
            throw Refused(opening.Code);
        }

        var seen = memory.Seen;
        await ContinueAsync(seen, head, cancellation);
        _heads[head.Size] = head.Root;
        var (count, root, leaves) = await ReadAsync(head, cancellation);
        var isWhole = count == head.Size;
        if (isWhole && root != head.Root)
        {
            throw Refused(LogProofCode.LeafNotIncluded);
        }

        if (!isWhole)
        {
            await ProveAsync(leaves, head, cancellation);
        }

        memory.Remember(head, note);
        return new LogReport(head.Origin, head.Size, head.Root.ToString(), count, count, isWhole, seen?.Size, opening.Cosignatures.Count);
    }

    private static ProofRefusedException Refused(LogProofCode code) => new(
        code is LogProofCode.HistoryForked ? ClientReasons.LogForked : ClientReasons.ProofRefused, code.ToString());

    private async Task ContinueAsync(Checkpoint? seen, Checkpoint head, CancellationToken cancellation)
    {
        if (seen is null)
        {
            return;
        }

        // A log that became shorter has lost leaves, whatever it offers to prove.
        if (seen.Size > head.Size || !LogProofVerifier.Continues(new SeenCheckpoint(seen, await BetweenAsync(seen.Size, head.Size, cancellation)), head))
        {
            throw Refused(LogProofCode.HistoryForked);
        }
    }

    private async Task<IReadOnlyList<LogHash>> BetweenAsync(long older, long newer, CancellationToken cancellation) =>
        older == 0 || older == newer ? [] : LogHashes.Read(await log.ConsistencyAsync(older, newer, cancellation));

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
                throw Refused(LogProofCode.LeafMisplaced);
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
            var (leaf, proof) = await log.ProofAsync(index, cancellation);
            var result = LogProofVerifier.Verify(policy, leaf, proof);
            if (result.Checkpoint is not { } shown)
            {
                throw Refused(result.Code);
            }

            if (LogHash.Leaf(leaf) != hash || result.Leaf!.Index != index)
            {
                throw Refused(LogProofCode.LeafMisplaced);
            }

            await SameHistoryAsync(head, shown, cancellation);
        }
    }

    // The log grows while it is audited, so a proof may lead to a later head than the one it began with.
    private async Task SameHistoryAsync(Checkpoint head, Checkpoint shown, CancellationToken cancellation)
    {
        if (!_heads.TryGetValue(shown.Size, out var root))
        {
            var (older, newer) = head.Size < shown.Size ? (head.Size, shown.Size) : (shown.Size, head.Size);
            if (!LogProofVerifier.Continues(new SeenCheckpoint(head, await BetweenAsync(older, newer, cancellation)), shown))
            {
                throw Refused(LogProofCode.HistoryForked);
            }

            _heads[shown.Size] = root = shown.Root;
        }

        if (root != shown.Root)
        {
            throw Refused(LogProofCode.HistoryForked);
        }
    }
}
