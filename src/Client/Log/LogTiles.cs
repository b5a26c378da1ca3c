using Delivery.Client.Refusals;
using Delivery.Protocol.Log;

namespace Delivery.Client.Log;

/// <summary>Writes a log to a folder as c2sp.org/tlog-tiles lays it out, for whoever checks it without a server.</summary>
public static class LogTiles
{
    internal const string CheckpointName = "checkpoint";

    /// <summary>
    /// Writes tiles, entry bundles and, last, the checkpoint: a folder without one was not finished. An earlier export in the folder is
    /// continued, and must be of the same history.
    /// </summary>
    /// <param name="directory">The folder; made when absent, otherwise empty, an earlier export, or one that was cut short.</param>
    /// <param name="checkpoint">The signed checkpoint. Its signature is the caller's to check.</param>
    /// <param name="leaves">The exact bytes of every leaf it covers, in order; more are not read.</param>
    /// <param name="cancellation">Gives up; the checkpoint is then not written.</param>
    /// <exception cref="ProofRefusedException">The leaves do not make the checkpoint's root, or the earlier export is of another history; it then stays as it was.</exception>
    /// <exception cref="IOException">The folder holds something else, or cannot be written.</exception>
    public static async Task<LogExport> WriteAsync(
        string directory, ReadOnlyMemory<byte> checkpoint, IAsyncEnumerable<ReadOnlyMemory<byte>> leaves, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(leaves);
        var head = Read(checkpoint.Span);
        var earlier = Earlier(directory);
        if (earlier is not null && earlier.Size > head.Size)
        {
            throw LogHeads.Refused(LogProofCode.HistoryForked);
        }

        var writer = new TileWriter(directory, keepsFull: earlier is not null);
        await foreach (var leaf in leaves.WithCancellation(cancellation))
        {
            if (writer.Range.Size == head.Size)
            {
                break;
            }

            await writer.AppendAsync(leaf, cancellation);
            if (writer.Range.Size == earlier?.Size && writer.Range.Root() != earlier.Root)
            {
                throw LogHeads.Refused(LogProofCode.HistoryForked);
            }
        }

        if (writer.Range.Size != head.Size || writer.Range.Root() != head.Root)
        {
            throw LogHeads.Refused(LogProofCode.LeafNotIncluded);
        }

        await writer.FinishAsync(cancellation);
        await File.WriteAllBytesAsync(Path.Combine(directory, CheckpointName), checkpoint, cancellation);
        return new LogExport(Path.GetFullPath(directory), head.Origin, head.Size, head.Root.ToString());
    }

    /// <summary>Hashes out of an export, for proofs between two sizes it covers; null when the folder is no export.</summary>
    internal static (Checkpoint Head, NodeSource Nodes)? Open(string directory)
    {
        var file = Path.Combine(directory, CheckpointName);
        if (!File.Exists(file) || !Directory.Exists(Path.Combine(directory, "tile")))
        {
            return null;
        }

        var head = Checkpoint.Parse(SignedNote.Parse(File.ReadAllBytes(file)).Text);
        return (head, node => Tile.Hash(node, File.ReadAllBytes(Path.Combine(directory, Tile.Holding(node, head.Size).Path))));
    }

    private static Checkpoint Read(ReadOnlySpan<byte> note)
    {
        try
        {
            return Checkpoint.Parse(SignedNote.Parse(note).Text);
        }
        catch (LogFormatException cause)
        {
            throw new ProofRefusedException(ClientReasons.ProofRefused, nameof(LogProofCode.CheckpointUnreadable), cause);
        }
    }

    private static Checkpoint? Earlier(string directory)
    {
        var file = Path.Combine(directory, CheckpointName);
        if (File.Exists(file))
        {
            return Read(File.ReadAllBytes(file));
        }

        // Tiles without a checkpoint are what an export that was cut short leaves behind.
        return Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any(entry => Path.GetFileName(entry) != "tile")
            ? throw new IOException($"{directory} is not empty and holds no earlier export. Name a new folder.")
            : null;
    }
}
