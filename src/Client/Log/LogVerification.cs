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
    /// The proof between the two checkpoints, one base64 hash a line. When null and their sizes differ, it is worked out of the tiles beside
    /// <paramref name="previousCheckpointFile"/>, if that stands in an export that reaches far enough.
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
            var proof = File.ReadAllBytes(proofFile);
            result = LogProofVerifier.Verify(policy, leaf, proof);
            if (result.Checkpoint is { } checkpoint && previousCheckpointFile is not null)
            {
                var (seen, reason) = SeenFiles.Read(LogPolicy.Parse(policy), checkpoint, previousCheckpointFile, consistencyFile);
                if (seen is null)
                {
                    return Unusable(reason);
                }

                result = LogProofVerifier.Verify(policy, leaf, proof, seen);
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Unusable("FileUnreadable");
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
}
