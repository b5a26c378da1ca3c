using System.Globalization;
using System.Text;

namespace Delivery.Protocol.Log;

/// <summary>
/// One tile of the Merkle tree, as c2sp.org/tlog-tiles cuts it: up to 256 consecutive hashes of the nodes at tree
/// level 8 × <paramref name="Level"/>. A tile of <paramref name="Width"/> 256 is full and never changes; a narrower
/// one is the partial right edge.
/// </summary>
internal readonly record struct Tile(int Level, long Index, int Width)
{
    /// <summary>Tree levels that one tile spans.</summary>
    public const int Height = 8;

    /// <summary>Hashes in a full tile.</summary>
    public const int FullWidth = 1 << Height;

    // One path element holds three decimal digits, so that no directory grows past a thousand names.
    private const int PathDigits = 1000;

    /// <summary>Path below the log's prefix: <c>tile/0/x001/234</c>, partial ones with <c>.p/17</c>.</summary>
    public string Path => string.Create(CultureInfo.InvariantCulture, $"tile/{Level}/{IndexPath(Index)}{Suffix}");

    /// <summary>Path of the entry bundle beside a level-0 tile: <c>tile/entries/x001/234</c>.</summary>
    public string EntriesPath => string.Create(CultureInfo.InvariantCulture, $"tile/entries/{IndexPath(Index)}{Suffix}");

    private string Suffix =>
        Width == FullWidth ? string.Empty : string.Create(CultureInfo.InvariantCulture, $".p/{Width}");

    /// <summary>
    /// The tile to read for a node, at the width it has in a tree of <paramref name="treeSize"/> leaves.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The node is not complete in that tree.</exception>
    public static Tile Holding(LogNode node, long treeSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(node.Index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(node.Index, (treeSize >> node.Level) - 1, nameof(node));
        var level = node.Level / Height;
        var index = FirstHash(node) >> Height;
        return new Tile(level, index, WidthAt(level, index, treeSize));
    }

    /// <summary>
    /// Where a node lies in its tile: the node is the root of <c>Count</c> consecutive hashes from <c>Offset</c>.
    /// </summary>
    public static (int Offset, int Count) Place(LogNode node) =>
        ((int)(FirstHash(node) & (FullWidth - 1)), 1 << (node.Level % Height));

    /// <summary>The node's hash, worked out of the bytes of the tile that <see cref="Holding"/> named.</summary>
    /// <exception cref="LogFormatException">The tile is shorter than the node needs.</exception>
    public static LogHash Hash(LogNode node, ReadOnlySpan<byte> tileBytes)
    {
        var (offset, count) = Place(node);
        if (tileBytes.Length < (offset + count) * LogHash.SizeBytes)
        {
            throw new LogFormatException(LogFormatException.Tile, "A tile is shorter than its tree says.");
        }

        return Fold(tileBytes.Slice(offset * LogHash.SizeBytes, count * LogHash.SizeBytes));
    }

    /// <summary>Number of hashes in a tile of a tree of <paramref name="treeSize"/> leaves; 0 if there is none.</summary>
    public static int WidthAt(int level, long index, long treeSize)
    {
        var hashes = level * Height > 62 ? 0 : treeSize >> (level * Height);
        return (int)Math.Clamp(hashes - (index << Height), 0, FullWidth);
    }

    /// <summary>Every tile of a tree, level by level from the leaves up, left to right; none is empty.</summary>
    public static IEnumerable<Tile> Covering(long treeSize)
    {
        for (var level = 0; WidthAt(level, 0, treeSize) > 0; level++)
        {
            var width = FullWidth;
            for (var index = 0L; width == FullWidth && (width = WidthAt(level, index, treeSize)) > 0; index++)
            {
                yield return new Tile(level, index, width);
            }
        }
    }

    private static long FirstHash(LogNode node) => node.Index << (node.Level % Height);

    private static LogHash Fold(ReadOnlySpan<byte> hashes)
    {
        if (hashes.Length == LogHash.SizeBytes)
        {
            return new LogHash(hashes);
        }

        var half = hashes.Length / 2;
        return LogHash.Node(Fold(hashes[..half]), Fold(hashes[half..]));
    }

    private static string IndexPath(long index)
    {
        var path = new StringBuilder((index % PathDigits).ToString("D3", CultureInfo.InvariantCulture));
        for (var rest = index / PathDigits; rest > 0; rest /= PathDigits)
        {
            path.Insert(0, string.Create(CultureInfo.InvariantCulture, $"x{rest % PathDigits:D3}/"));
        }

        return path.ToString();
    }
}
