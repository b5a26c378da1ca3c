using Delivery.Protocol.Log;

namespace Delivery.Client.Log;

/// <summary>Reads a checkpoint seen before, and what links it to the one in a proof, from files.</summary>
internal static class SeenFiles
{
    /// <returns>The checkpoint and its link; or null, and why nothing can be decided.</returns>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static (SeenCheckpoint? Seen, string Reason) Read(LogPolicy policy, Checkpoint shown, string checkpointFile, string? consistencyFile)
    {
        try
        {
            // Whether witnesses had cosigned it by then does not matter; that the log signed it does, or a fork could be made up.
            var opening = CheckpointVerifier.Open(new LogPolicy(policy.Origin, policy.LogKeys, policy.Witnesses), File.ReadAllBytes(checkpointFile));
            if (opening.Checkpoint is not { } previous)
            {
                return (null, opening.Code is LogProofCode.CheckpointUnreadable ? "PreviousUnreadable" : "PreviousUntrusted");
            }

            if (previous.Size == shown.Size || previous.Size == 0 || shown.Size == 0)
            {
                return (new SeenCheckpoint(previous, []), "");
            }

            return (consistencyFile is null ? FromTiles(previous, shown, checkpointFile) : File.ReadLines(consistencyFile).Select(ReadHash).ToList()) is { } hashes
                ? (new SeenCheckpoint(previous, hashes), "")
                : (null, "ConsistencyMissing");
        }
        catch (LogFormatException)
        {
            return (null, "PreviousUnreadable");
        }
    }

    private static IReadOnlyList<LogHash>? FromTiles(Checkpoint previous, Checkpoint shown, string checkpointFile)
    {
        var (older, newer) = previous.Size < shown.Size ? (previous.Size, shown.Size) : (shown.Size, previous.Size);
        return LogTiles.Open(Path.GetDirectoryName(Path.GetFullPath(checkpointFile))!) is var (head, nodes) && head.Size >= newer
            ? ConsistencyProof.Build(older, newer, nodes)
            : null;
    }

    private static LogHash ReadHash(string line) => StrictText.TryHash(line, out var hash)
        ? hash
        : throw new LogFormatException(LogFormatException.Proof, "A consistency proof is 32 bytes in base64 a line.");
}
