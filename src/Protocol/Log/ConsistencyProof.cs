using System.Numerics;

namespace Delivery.Protocol.Log;

/// <summary>
/// Proves that a smaller tree is the beginning of a larger one, so that nothing was rewritten between two
/// checkpoints (RFC 6962 section 2.1.2; checking as in RFC 9162 section 2.1.4.2).
/// </summary>
/// <remarks>
/// Between equal sizes, and from the empty tree, the proof is empty: equal sizes need equal roots, and the empty
/// tree has one root only.
/// </remarks>
internal static class ConsistencyProof
{
    /// <summary>Builds the proof from <paramref name="oldSize"/> to <paramref name="newSize"/> leaves.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The old size is negative or larger than the new one.</exception>
    public static IReadOnlyList<LogHash> Build(long oldSize, long newSize, NodeSource source)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(oldSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldSize, newSize);
        if (oldSize == 0 || oldSize == newSize)
        {
            return [];
        }

        var hashes = new List<LogHash>();
        var (first, end) = (0L, newSize);
        while (oldSize < end)
        {
            var middle = first + Subtrees.Split(end - first);
            if (oldSize <= middle)
            {
                hashes.Add(Subtrees.Hash(middle, end, source));
                end = middle;
            }
            else
            {
                hashes.Add(Subtrees.Hash(first, middle, source));
                first = middle;
            }
        }

        // A walk that never went right ended on the old root itself, which the verifier already holds.
        if (first > 0)
        {
            hashes.Add(Subtrees.Hash(first, end, source));
        }

        hashes.Reverse();
        return hashes;
    }

    /// <summary>The complete subtrees that <see cref="Build"/> will ask for, so that they can be fetched together.</summary>
    public static IReadOnlyList<LogNode> NodesNeeded(long oldSize, long newSize) =>
        Subtrees.AskedBy(source => Build(oldSize, newSize, source));

    /// <summary>
    /// True when the tree (oldSize, oldRoot) is the beginning of the tree (newSize, newRoot). Never throws on bad
    /// input; sizes in the wrong order answer false.
    /// </summary>
    public static bool Verify(
        long oldSize, LogHash oldRoot, long newSize, LogHash newRoot, IReadOnlyList<LogHash> proof)
    {
        if (oldSize < 0 || oldSize > newSize || (newSize == 0 && newRoot != LogHash.Empty))
        {
            return false;
        }

        if (oldSize == newSize)
        {
            return proof.Count == 0 && oldRoot == newRoot;
        }

        if (oldSize == 0)
        {
            return proof.Count == 0 && oldRoot == LogHash.Empty;
        }

        return Walk(oldSize, oldRoot, newSize, newRoot, proof);
    }

    private static bool Walk(
        long oldSize, LogHash oldRoot, long newSize, LogHash newRoot, IReadOnlyList<LogHash> proof)
    {
        var (node, last) = (oldSize - 1, newSize - 1);
        var steps = BitOperations.TrailingZeroCount(~node);
        node >>= steps;
        last >>= steps;

        // A complete old tree is itself the starting node, and the proof leaves it out.
        var startsAtOldRoot = BitOperations.IsPow2(oldSize);
        if (!startsAtOldRoot && proof.Count == 0)
        {
            return false;
        }

        var start = startsAtOldRoot ? oldRoot : proof[0];
        var (rebuiltOld, rebuiltNew) = (start, start);
        for (var step = startsAtOldRoot ? 0 : 1; step < proof.Count; step++)
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                rebuiltOld = LogHash.Node(proof[step], rebuiltOld);
                rebuiltNew = LogHash.Node(proof[step], rebuiltNew);
                while ((node & 1) == 0 && node != 0)
                {
                    node >>= 1;
                    last >>= 1;
                }
            }
            else
            {
                rebuiltNew = LogHash.Node(rebuiltNew, proof[step]);
            }

            node >>= 1;
            last >>= 1;
        }

        return last == 0 && rebuiltOld == oldRoot && rebuiltNew == newRoot;
    }
}
