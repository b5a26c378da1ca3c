using Delivery.Protocol.Log;

namespace Delivery.Tests.Log;

/// <summary>The tree as RFC 6962 defines it, worked out the slow way, for the quick ways to be compared with.</summary>
internal sealed class TreeOracle
{
    private readonly LogHash[] _leaves;
    private readonly Dictionary<(long First, long End), LogHash> _known = [];

    public TreeOracle(int size, string salt = "")
    {
        _leaves = [.. Enumerable.Range(0, size).Select(index => LogHash.Leaf(Bytes(index, salt)))];
    }

    public LogHash this[long index] => _leaves[index];

    public static byte[] Bytes(int index, string salt = "") => System.Text.Encoding.ASCII.GetBytes($"leaf {index}{salt}");

    public LogHash Root(long size) => size == 0 ? LogHash.Empty : Range(0, size);

    public LogHash Source(LogNode node) => Range(node.FirstLeaf, node.EndLeaf);

    public IReadOnlyList<LogHash> InclusionPath(long index, long first, long end)
    {
        if (end - first == 1)
        {
            return [];
        }

        var middle = Middle(first, end);
        return index < middle
            ? [.. InclusionPath(index, first, middle), Range(middle, end)]
            : [.. InclusionPath(index, middle, end), Range(first, middle)];
    }

    public IReadOnlyList<LogHash> ConsistencyPath(long oldEnd, long first, long end, bool whole)
    {
        if (oldEnd == end)
        {
            return whole ? [] : [Range(first, end)];
        }

        var middle = Middle(first, end);
        return oldEnd <= middle
            ? [.. ConsistencyPath(oldEnd, first, middle, whole), Range(middle, end)]
            : [.. ConsistencyPath(oldEnd, middle, end, false), Range(first, middle)];
    }

    private static long Middle(long first, long end)
    {
        var half = 1L;
        while (half * 2 < end - first)
        {
            half *= 2;
        }

        return first + half;
    }

    private LogHash Range(long first, long end)
    {
        if (end - first == 1)
        {
            return _leaves[first];
        }

        if (!_known.TryGetValue((first, end), out var hash))
        {
            var middle = Middle(first, end);
            hash = LogHash.Node(Range(first, middle), Range(middle, end));
            _known.Add((first, end), hash);
        }

        return hash;
    }
}
