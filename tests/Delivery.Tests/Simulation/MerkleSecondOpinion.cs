using System.Security.Cryptography;

namespace Delivery.Tests.Simulation;

/// <summary>Roots and paths by the definitions of RFC 6962 section 2.1, in plain recursion over plain bytes.</summary>
internal sealed class MerkleSecondOpinion(IReadOnlyList<byte[]> leaves)
{
    private readonly Dictionary<(int First, int Count), byte[]> _known = [];

    /// <summary>Root over the first leaves.</summary>
    public byte[] Root(int count) => count == 0 ? SHA256.HashData([]) : Subtree(0, count);

    /// <summary>Audit path of a leaf in the tree of the first <paramref name="count"/> leaves, from the leaf upwards.</summary>
    public IReadOnlyList<byte[]> Path(int index, int count) => Path(index, 0, count);

    private List<byte[]> Path(int index, int first, int count)
    {
        if (count == 1)
        {
            return [];
        }

        var left = LargestPowerBelow(count);
        return index < left
            ? [.. Path(index, first, left), Subtree(first + left, count - left)]
            : [.. Path(index - left, first + left, count - left), Subtree(first, left)];
    }

    private byte[] Subtree(int first, int count)
    {
        if (!_known.TryGetValue((first, count), out var hash))
        {
            var left = count == 1 ? 0 : LargestPowerBelow(count);
            hash = count == 1
                ? SHA256.HashData([0, .. leaves[first]])
                : SHA256.HashData([1, .. Subtree(first, left), .. Subtree(first + left, count - left)]);
            _known.Add((first, count), hash);
        }

        return hash;
    }

    private static int LargestPowerBelow(int count)
    {
        var power = 1;
        while (power * 2 < count)
        {
            power *= 2;
        }

        return power;
    }
}
