namespace Delivery.Protocol.Log;

/// <summary>
/// Proves that a leaf stands at an index of a tree (RFC 6962 section 2.1.1; checking as in RFC 9162 section
/// 2.1.3.2). The proof is the list of sibling hashes from the leaf upwards, at most 63 of them.
/// </summary>
internal static class InclusionProof
{
    /// <summary>Builds the proof for leaf <paramref name="index"/> in the tree of <paramref name="size"/> leaves.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index does not lie in the tree.</exception>
    public static IReadOnlyList<LogHash> Build(long index, long size, NodeSource source)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var siblings = new List<LogHash>();
        var (first, end) = (0L, size);
        while (end - first > 1)
        {
            var middle = first + Subtrees.Split(end - first);
            if (index < middle)
            {
                siblings.Add(Subtrees.Hash(middle, end, source));
                end = middle;
            }
            else
            {
                siblings.Add(Subtrees.Hash(first, middle, source));
                first = middle;
            }
        }

        // The walk came down from the root; the proof is read from the leaf up.
        siblings.Reverse();
        return siblings;
    }

    /// <summary>The complete subtrees that <see cref="Build"/> will ask for, so that they can be fetched together.</summary>
    public static IReadOnlyList<LogNode> NodesNeeded(long index, long size) =>
        Subtrees.AskedBy(source => Build(index, size, source));

    /// <summary>
    /// True when <paramref name="leaf"/> stands at <paramref name="index"/> in the tree of
    /// <paramref name="size"/> leaves with this <paramref name="root"/>. Never throws on bad input.
    /// </summary>
    public static bool Verify(LogHash leaf, long index, long size, IReadOnlyList<LogHash> proof, LogHash root)
    {
        if (index < 0 || index >= size)
        {
            return false;
        }

        var (node, last) = (index, size - 1);
        var hash = leaf;
        foreach (var sibling in proof)
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                hash = LogHash.Node(sibling, hash);

                // A node without a right sibling is its parent; such levels add no hash to the proof.
                while ((node & 1) == 0 && node != 0)
                {
                    node >>= 1;
                    last >>= 1;
                }
            }
            else
            {
                hash = LogHash.Node(hash, sibling);
            }

            node >>= 1;
            last >>= 1;
        }

        return last == 0 && hash == root;
    }
}
