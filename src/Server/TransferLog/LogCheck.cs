using System.Data.Common;
using Delivery.Protocol.Log;

namespace Delivery.Server.TransferLog;

/// <summary>
/// One walk over a log at rest, from the first leaf to the last, holding every stored hash against one worked out anew. It uses the tree's arithmetic
/// of the protocol but nothing of what appends, signs or proves. One use, one thread.
/// </summary>
internal sealed class LogCheck(LogFolder folder, PinFile pin, LogPolicy? policy)
{
    private readonly LogFindings _findings = new();
    private readonly SortedDictionary<string, long> _leafCounts = new(StringComparer.Ordinal);
    private readonly CompactRange _range = new();
    private readonly List<List<LogHash>> _levels = [];
    private string _origin = "";
    private long _lastTimestampMs;
    private long _tileCount;

    public LogCheckReport Run()
    {
        var ledger = new CallLedger(_findings);
        var signatures = new SignedHeads(folder, ReadPin(), policy, _findings);
        try
        {
            _findings.Unless(folder.IsSound(), LogFault.DatabaseDamaged, 0);

            signatures.Reach(0, _range);
            Walk(ledger, signatures);
            CheckHead();
            _findings.Unless(folder.Scalar("SELECT count(*) FROM log_tile") is long tiles && tiles <= _tileCount, LogFault.TileSurplus, _range.Size);
            signatures.End(_range.Size);
        }
        catch (DbException fault) when (LogFolder.IsDamage(fault))
        {
            _findings.Add(LogFault.DatabaseDamaged, _range.Size);
        }

        return new LogCheckReport(
            _origin, _range.Size, _range.Root().ToString(), _leafCounts, _tileCount, signatures.CheckpointCount, signatures.CosignatureCount,
            ledger.Count, ledger.OpenCount, policy is not null, _findings.Kept, _findings.Count);
    }

    private void Walk(CallLedger ledger, SignedHeads signatures)
    {
        foreach (var row in folder.Rows("SELECT idx, timestamp_ms, kind, project_id, organisation, body, leaf_hash FROM log_leaf ORDER BY idx"))
        {
            var index = row.GetInt64(0);
            if (index != _range.Size)
            {
                _findings.Add(LogFault.LeafMissing, _range.Size);
                return;
            }

            var body = row.GetFieldValue<byte[]>(5);
            var hash = LogHash.Leaf(body);
            _findings.Unless(row.GetFieldValue<byte[]>(6).AsSpan().SequenceEqual(hash.ToArray()), LogFault.LeafHashDiffers, index);
            CheckLeaf(row, index, body, ledger);
            _range.Append(hash, Keep);
            signatures.Reach(_range.Size, _range);
        }
    }

    private void CheckLeaf(DbDataReader row, long index, byte[] body, CallLedger ledger)
    {
        Leaf leaf;
        try
        {
            leaf = Leaf.Parse(body);
        }
        catch (LeafException)
        {
            _findings.Add(LogFault.LeafMalformed, index);
            return;
        }

        _origin = index == 0 ? leaf.Origin : _origin;
        var kind = leaf.Type.WireName();
        _leafCounts[kind] = _leafCounts.GetValueOrDefault(kind) + 1;
        _findings.Unless(leaf.Index == index && leaf.Origin == _origin && (index == 0) == (leaf.Type is LeafType.LogGenesis), LogFault.LeafMisplaced, index);
        _findings.Unless(leaf.TimestampMs >= _lastTimestampMs, LogFault.TimeRunsBackwards, index);
        _findings.Unless(
            (row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4)) == (leaf.TimestampMs, kind, leaf.ProjectId ?? "", leaf.Actor.Organisation),
            LogFault.LeafColumnsDiffer, index);
        _lastTimestampMs = leaf.TimestampMs;
        ledger.Add(leaf);
    }

    // Hashes of each tile level gather until they fill a tile; the node above them is completed by the same leaf, after them.
    private void Keep(LogNode node, LogHash hash)
    {
        if (node.Level % Tile.Height != 0)
        {
            return;
        }

        var level = node.Level / Tile.Height;
        if (level > 0)
        {
            CompareTile(level - 1, node.Index, hash);
        }

        if (_levels.Count == level)
        {
            _levels.Add([]);
        }

        _levels[level].Add(hash);
    }

    private void CompareTile(int level, long tileIndex, LogHash root)
    {
        var hashes = _levels[level].SelectMany(hash => hash.ToArray()).ToArray();
        _levels[level].Clear();
        var holds = folder.Rows("SELECT hashes, root FROM log_tile WHERE level = $1 AND idx = $2", level, tileIndex)
            .Any(row => row.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(hashes) && row.GetFieldValue<byte[]>(1).AsSpan().SequenceEqual(root.ToArray()));
        _findings.Unless(holds, LogFault.TileDiffers, tileIndex);
        _tileCount++;
    }

    private void CheckHead()
    {
        var holds = folder.Rows("SELECT size, frontier, last_timestamp_ms FROM log_head")
            .Any(row => row.GetInt64(0) == _range.Size && row.GetFieldValue<byte[]>(1).AsSpan().SequenceEqual(_range.Encode()) && row.GetInt64(2) == _lastTimestampMs);
        _findings.Unless(holds, LogFault.HeadDiffers, _range.Size);
    }

    private (long Size, LogHash Root)? ReadPin()
    {
        try
        {
            return pin.Read();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
