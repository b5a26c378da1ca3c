using System.Numerics;

namespace Delivery.Protocol.Log;

/// <summary>
/// Names one complete subtree: <paramref name="Level"/> 0 is a leaf, level n spans 2^n leaves, and
/// <paramref name="Index"/> counts the subtrees of that level from the left.
/// </summary>
internal readonly record struct LogNode(int Level, long Index)
{
    /// <summary>Index of the first leaf under this node.</summary>
    public long FirstLeaf => Index << Level;

    /// <summary>Index just past the last leaf under this node.</summary>
    public long EndLeaf => (Index + 1) << Level;
}

/// <summary>
/// Answers the hash of a complete subtree, from tiles or any other store. It is only asked for nodes that lie
/// wholly inside the tree the proof is built for. A store that must wait for its answers asks the proof for its
/// <c>NodesNeeded</c> first, fetches those, and then builds.
/// </summary>
internal delegate LogHash NodeSource(LogNode node);

/// <summary>The decomposition of a tree into complete subtrees, as RFC 6962 section 2.1 splits it.</summary>
internal static class Subtrees
{
    /// <summary>The largest power of two smaller than <paramref name="leafCount"/>, which is at least 2.</summary>
    public static long Split(long leafCount) => 1L << BitOperations.Log2((ulong)leafCount - 1);

    /// <summary>
    /// Merkle tree hash of the leaves [first, end), where the range is one that RFC 6962 splitting reaches: its
    /// start is a multiple of a power of two no smaller than its length.
    /// </summary>
    public static LogHash Hash(long first, long end, NodeSource source)
    {
        var length = end - first;
        if (BitOperations.IsPow2(length))
        {
            var level = BitOperations.Log2((ulong)length);
            return source(new LogNode(level, first >> level));
        }

        var middle = first + Split(length);
        return LogHash.Node(Hash(first, middle, source), Hash(middle, end, source));
    }

    /// <summary>Merkle tree hash of the first <paramref name="size"/> leaves.</summary>
    public static LogHash Root(long size, NodeSource source) => size == 0 ? LogHash.Empty : Hash(0, size, source);

    /// <summary>Runs a build with a source that only writes down what it is asked for.</summary>
    public static IReadOnlyList<LogNode> AskedBy(Action<NodeSource> build)
    {
        var asked = new List<LogNode>();
        build(node =>
        {
            asked.Add(node);
            return default;
        });
        return asked;
    }
}
