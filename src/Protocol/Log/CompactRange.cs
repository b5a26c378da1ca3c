using System.Buffers.Binary;
using System.Numerics;

namespace Delivery.Protocol.Log;

/// <summary>
/// The right edge of the tree: the roots of the complete subtrees that make up its leaves, largest first. It is all
/// an appender needs to add leaves and to state the root, at most 63 hashes whatever the size of the log.
/// </summary>
/// <remarks>
/// Serialised as the size (unsigned 64-bit, big-endian) and then one 32-byte hash for each set bit of the size, from
/// the highest bit to the lowest. Mutable and owned by one appender at a time; an appender whose transaction may roll
/// back works on a <see cref="Copy"/>.
/// </remarks>
internal sealed class CompactRange
{
    private const int SizeFieldBytes = sizeof(long);

    // Owned by whoever owns the range; one entry per set bit of Size, highest bit first.
    private readonly List<LogHash> _roots;

    /// <summary>The range of the empty tree.</summary>
    public CompactRange()
        : this(0, [])
    {
    }

    private CompactRange(long size, List<LogHash> roots) => (Size, _roots) = (size, roots);

    /// <summary>Number of leaves.</summary>
    public long Size { get; private set; }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="LogFormatException">The length does not fit the size, or the size is negative.</exception>
    public static CompactRange Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < SizeFieldBytes)
        {
            throw new LogFormatException(LogFormatException.Frontier, "A frontier begins with an 8-byte size.");
        }

        var size = BinaryPrimitives.ReadInt64BigEndian(bytes);
        var rootCount = BitOperations.PopCount((ulong)size);
        if (size < 0 || bytes.Length != SizeFieldBytes + (rootCount * LogHash.SizeBytes))
        {
            throw new LogFormatException(
                LogFormatException.Frontier, "A frontier holds one 32-byte hash for each set bit of its size.");
        }

        var roots = new List<LogHash>(rootCount);
        for (var rest = bytes[SizeFieldBytes..]; rest.Length > 0; rest = rest[LogHash.SizeBytes..])
        {
            roots.Add(new LogHash(rest[..LogHash.SizeBytes]));
        }

        return new CompactRange(size, roots);
    }

    /// <summary>Adds a leaf, given its leaf hash.</summary>
    /// <param name="leaf">What <see cref="LogHash.Leaf"/> answered for the leaf's bytes.</param>
    /// <param name="completed">
    /// Told every node that this leaf completes, the leaf itself first; a tile writer keeps those whose level is a
    /// multiple of <see cref="Tile.Height"/>.
    /// </param>
    public void Append(LogHash leaf, Action<LogNode, LogHash>? completed = null)
    {
        var node = new LogNode(0, Size);
        var hash = leaf;
        completed?.Invoke(node, hash);
        while ((node.Index & 1) == 1)
        {
            hash = LogHash.Node(_roots[^1], hash);
            _roots.RemoveAt(_roots.Count - 1);
            node = new LogNode(node.Level + 1, node.Index >> 1);
            completed?.Invoke(node, hash);
        }

        _roots.Add(hash);
        Size++;
    }

    /// <summary>Merkle tree hash of everything appended.</summary>
    public LogHash Root()
    {
        if (_roots.Count == 0)
        {
            return LogHash.Empty;
        }

        var hash = _roots[^1];
        for (var at = _roots.Count - 2; at >= 0; at--)
        {
            hash = LogHash.Node(_roots[at], hash);
        }

        return hash;
    }

    /// <summary>The serialised range.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[SizeFieldBytes + (_roots.Count * LogHash.SizeBytes)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Size);
        for (var at = 0; at < _roots.Count; at++)
        {
            _roots[at].CopyTo(bytes.AsSpan(SizeFieldBytes + (at * LogHash.SizeBytes)));
        }

        return bytes;
    }

    /// <summary>An independent range with the same leaves.</summary>
    public CompactRange Copy() => new(Size, [.. _roots]);
}
