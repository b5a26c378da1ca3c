using System.Buffers;
using System.Buffers.Binary;
using Delivery.Protocol.Log;

namespace Delivery.Client.Log;

/// <summary>Cuts leaves into tiles and entry bundles as they come. Holds one tile of each level and one bundle. One use, one thread.</summary>
/// <param name="directory">The folder of the export.</param>
/// <param name="keepsFull">Whether full tiles that are there belong to an earlier export: they never change, so another one is never put in their place.</param>
internal sealed class TileWriter(string directory, bool keepsFull)
{
    // Owned by this writer: the hashes of each level that do not fill a tile yet, and the leaves of the last bundle.
    private readonly List<List<LogHash>> _levels = [];
    private readonly ArrayBufferWriter<byte> _bundle = new();
    private readonly HashSet<string> _partial = new(StringComparer.Ordinal);

    public CompactRange Range { get; } = new();

    public async Task AppendAsync(ReadOnlyMemory<byte> leaf, CancellationToken cancellation)
    {
        if (leaf.Length is 0 or > CanonicalJson.MaxBytes)
        {
            throw LogHeads.Refused(LogProofCode.LeafUnreadable);
        }

        BinaryPrimitives.WriteUInt16BigEndian(_bundle.GetSpan(sizeof(ushort)), (ushort)leaf.Length);
        _bundle.Advance(sizeof(ushort));
        _bundle.Write(leaf.Span);
        Range.Append(LogHash.Leaf(leaf.Span), (node, hash) =>
        {
            if (node.Level % Tile.Height == 0)
            {
                Level(node.Level / Tile.Height).Add(hash);
            }
        });
        if (Range.Size % Tile.FullWidth == 0)
        {
            await FlushAsync(full: true, cancellation);
        }
    }

    public async Task FinishAsync(CancellationToken cancellation)
    {
        await FlushAsync(full: false, cancellation);
        Directory.CreateDirectory(Path.Combine(directory, "tile"));

        // The partial tiles of an earlier export are part of fuller ones now.
        foreach (var stale in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetDirectoryName(file)!.EndsWith(".p", StringComparison.Ordinal) && !_partial.Contains(file)).ToList())
        {
            File.Delete(stale);
        }
    }

    private List<LogHash> Level(int level)
    {
        while (_levels.Count <= level)
        {
            _levels.Add([]);
        }

        return _levels[level];
    }

    private async Task FlushAsync(bool full, CancellationToken cancellation)
    {
        for (var level = 0; level < _levels.Count; level++)
        {
            var hashes = _levels[level];
            if (hashes.Count == 0 || full != (hashes.Count == Tile.FullWidth))
            {
                continue;
            }

            var tile = new Tile(level, ((Range.Size >> (level * Tile.Height)) - 1) / Tile.FullWidth, hashes.Count);
            await WriteAsync(tile.Path, hashes.SelectMany(hash => hash.ToArray()).ToArray(), full, cancellation);
            if (level == 0)
            {
                await WriteAsync(tile.EntriesPath, _bundle.WrittenSpan.ToArray(), full, cancellation);
                _bundle.ResetWrittenCount();
            }

            hashes.Clear();
        }
    }

    private async Task WriteAsync(string path, byte[] content, bool full, CancellationToken cancellation)
    {
        var file = Path.Combine(directory, path.Replace('/', Path.DirectorySeparatorChar));
        if (full && keepsFull && File.Exists(file))
        {
            var present = await File.ReadAllBytesAsync(file, cancellation);
            if (!content.AsSpan().SequenceEqual(present))
            {
                throw LogHeads.Refused(LogProofCode.HistoryForked);
            }

            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, content, cancellation);
        if (!full)
        {
            _partial.Add(file);
        }
    }
}
