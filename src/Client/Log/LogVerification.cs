using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Delivery.Protocol.Log;

namespace Delivery.Client.Log;

/// <summary>Checks proofs of the transfer log offline, from files alone. Pure but for reading them; any thread.</summary>
public static class LogVerification
{
    /// <summary>Decides whether the log of a policy holds a leaf. Bad input is an answer, never an exception.</summary>
    /// <param name="policyFile">Which log and which keys to believe.</param>
    /// <param name="leafFile">The leaf's exact bytes.</param>
    /// <param name="proofFile">Its C2SP tlog-proof.</param>
    /// <param name="previousCheckpointFile">A checkpoint seen before, to notice a fork; null to leave that out.</param>
    /// <param name="consistencyFile">
    /// The proof between the two checkpoints, one base64 hash a line; null when they are of one size.
    /// </param>
    public static LogProofOutcome VerifyFiles(
        string policyFile, string leafFile, string proofFile, string? previousCheckpointFile = null, string? consistencyFile = null)
    {
        byte[] leaf;
        LogProofResult result;
        try
        {
            leaf = File.ReadAllBytes(leafFile);
            var policy = File.ReadAllText(policyFile);
            var previous = previousCheckpointFile is null ? null : Previous(previousCheckpointFile, consistencyFile);
            result = LogProofVerifier.Verify(policy, leaf, File.ReadAllBytes(proofFile), previous);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Unusable("FileUnreadable");
        }
        catch (LogFormatException)
        {
            return Unusable("PreviousUnreadable");
        }

        return new LogProofOutcome(
            result.Verdict switch
            {
                LogProofVerdict.Proven => LogVerdict.Proven,
                LogProofVerdict.Refuted => LogVerdict.Refuted,
                LogProofVerdict.Unusable => LogVerdict.Unusable,
            },
            result.Code.ToString(),
            result.Leaf is null ? null : LogEntries.Show(result.Leaf, leaf),
            result.Checkpoint?.Size);
    }

    private static LogProofOutcome Unusable(string reason) => new(LogVerdict.Unusable, reason, null, null);

    private static SeenCheckpoint Previous(string checkpointFile, string? consistencyFile)
    {
        var checkpoint = Checkpoint.Parse(SignedNote.Parse(File.ReadAllBytes(checkpointFile)).Text);
        return new SeenCheckpoint(checkpoint, consistencyFile is null ? [] : [.. File.ReadLines(consistencyFile).Select(ReadHash)]);
    }

    private static LogHash ReadHash(string line)
    {
        Span<byte> hash = stackalloc byte[LogHash.SizeBytes + 1];
        return Base64.DecodeFromUtf8(Encoding.UTF8.GetBytes(line), hash, out _, out var written) == OperationStatus.Done && written == LogHash.SizeBytes
            ? new LogHash(hash[..written])
            : throw new LogFormatException(LogFormatException.Proof, "A consistency proof is 32 bytes in base64 a line.");
    }
}
