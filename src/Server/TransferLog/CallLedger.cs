using Delivery.Protocol.Log;

namespace Delivery.Server.TransferLog;

/// <summary>
/// Follows calls for extracts through the leaves: each is opened once, releases ranges without gaps, and ends once; nothing is released to a project
/// that was stopped. It knows leaves only, not the tables that extracts keep.
/// </summary>
internal sealed class CallLedger(LogFindings findings)
{
    private readonly Dictionary<LogHash, OpenCall> _open = [];
    private readonly HashSet<LogHash> _ended = [];
    private readonly Dictionary<string, long> _coveredTo = new(StringComparer.Ordinal);
    private readonly HashSet<string> _stopped = new(StringComparer.Ordinal);

    /// <summary>Calls that were opened.</summary>
    public long Count => _open.Count + _ended.Count;

    /// <summary>Calls that have not ended.</summary>
    public long OpenCount => _open.Count;

    public void Add(Leaf leaf)
    {
        switch (leaf.Type)
        {
            case LeafType.ExtractOpened:
                Open(leaf);
                break;
            case LeafType.RangeReleased:
                Release(leaf);
                break;
            case LeafType.ExtractCompleted:
            case LeafType.ExtractAborted:
                End(leaf);
                break;
            case LeafType.ApprovalSuspended:
            case LeafType.ApprovalWithdrawn:
            case LeafType.ProjectClosed:
                _stopped.Add(leaf.ProjectId!);
                break;
            case LeafType.ApprovalPushed:
            case LeafType.ApprovalAmended:
            case LeafType.ApprovalResumed:
                _stopped.Remove(leaf.ProjectId!);
                break;
            default:
                // Nothing that calls are held to.
                break;
        }
    }

    private void Open(Leaf leaf)
    {
        var id = leaf.Hash("call_id");
        findings.Unless(!_ended.Contains(id) && _open.TryAdd(id, new OpenCall()), LogFault.CallOpenedTwice, leaf.Index);
    }

    private void Release(Leaf leaf)
    {
        findings.Unless(!_stopped.Contains(leaf.ProjectId!), LogFault.ReleasedAfterStop, leaf.Index);
        if (!_open.TryGetValue(leaf.Hash("call_id"), out var call))
        {
            findings.Add(LogFault.CallOutOfTurn, leaf.Index);
            return;
        }

        // A resumed call begins inside what an earlier one released; within a call each range begins where the last ended.
        var (from, to) = (leaf.Number("from_batch"), leaf.Number("to_batch"));
        var covered = _coveredTo.GetValueOrDefault(leaf.ExtractId!);
        findings.Unless(call.To is { } last ? from == last : from <= covered, LogFault.RangesDoNotCover, leaf.Index);
        call.From ??= from;
        call.To = to;
        call.RunningDigest = leaf.Hash("running_digest");
        _coveredTo[leaf.ExtractId!] = Math.Max(covered, to);
    }

    private void End(Leaf leaf)
    {
        var id = leaf.Hash("call_id");
        if (!_open.Remove(id, out var call))
        {
            findings.Add(LogFault.CallOutOfTurn, leaf.Index);
            return;
        }

        _ended.Add(id);
        var covers = leaf.Type is LeafType.ExtractAborted
            ? leaf.Number("released_batch_count") == (call.To ?? 0) - (call.From ?? 0)
            : leaf.Number("batch_count") is var batches && batches <= _coveredTo.GetValueOrDefault(leaf.ExtractId!)
                && (call.To is null || (call.To == batches && call.RunningDigest == leaf.Hash("list_digest")));
        findings.Unless(covers, LogFault.RangesDoNotCover, leaf.Index);
    }

    private sealed class OpenCall
    {
        public long? From { get; set; }

        public long? To { get; set; }

        public LogHash RunningDigest { get; set; }
    }
}
