namespace Delivery.Protocol.Log;

/// <summary>A checkpoint someone saw before, and what links it to the one in a proof.</summary>
/// <param name="Checkpoint">The head seen before; its signature was checked then.</param>
/// <param name="Consistency">
/// Consistency proof between the two heads, from the smaller to the larger; empty when they have the same size.
/// </param>
internal sealed record SeenCheckpoint(Checkpoint Checkpoint, IReadOnlyList<LogHash> Consistency);

/// <summary>
/// Decides, offline and without trusting the server, whether the log holds a leaf (c2sp.org/tlog-proof, "Verifying").
/// Bad input is an answer, never an exception. Pure; safe from any thread.
/// </summary>
internal static class LogProofVerifier
{
    /// <summary>As the other overload, with the policy in its text form.</summary>
    public static LogProofResult Verify(
        string policyText, ReadOnlySpan<byte> leafBytes, ReadOnlySpan<byte> proofBytes, SeenCheckpoint? previous = null)
    {
        LogPolicy policy;
        try
        {
            policy = LogPolicy.Parse(policyText);
        }
        catch (LogFormatException)
        {
            return LogProofResult.Failed(LogProofCode.PolicyUnreadable);
        }

        return Verify(policy, leafBytes, proofBytes, previous);
    }

    /// <summary>Checks a leaf's exact bytes against a proof.</summary>
    /// <param name="policy">Whom to believe; configured, never received.</param>
    /// <param name="leafBytes">The leaf as it was stored.</param>
    /// <param name="proofBytes">A <see cref="TlogProof"/>.</param>
    /// <param name="previous">A head seen before, to notice a fork; null on first sight.</param>
    public static LogProofResult Verify(
        LogPolicy policy, ReadOnlySpan<byte> leafBytes, ReadOnlySpan<byte> proofBytes, SeenCheckpoint? previous = null)
    {
        if (leafBytes.Length is 0 or > CanonicalJson.MaxBytes)
        {
            return LogProofResult.Failed(LogProofCode.LeafUnreadable);
        }

        TlogProof proof;
        try
        {
            proof = TlogProof.Parse(proofBytes);
        }
        catch (LogFormatException)
        {
            return LogProofResult.Failed(LogProofCode.ProofUnreadable);
        }

        var opening = CheckpointVerifier.Open(policy, proof.Note);
        if (opening.Checkpoint is not { } checkpoint)
        {
            return LogProofResult.Failed(opening.Code);
        }

        if (!InclusionProof.Verify(
            LogHash.Leaf(leafBytes), proof.Index, checkpoint.Size, proof.Hashes, checkpoint.Root))
        {
            return LogProofResult.Failed(LogProofCode.LeafNotIncluded);
        }

        if (previous is not null && !Continues(previous, checkpoint))
        {
            return LogProofResult.Failed(LogProofCode.HistoryForked);
        }

        return Place(leafBytes, proof.Index, opening);
    }

    /// <summary>
    /// True when two heads belong to one history, whichever of them is the later: a proof asked for long ago is
    /// checked against a head seen since.
    /// </summary>
    public static bool Continues(SeenCheckpoint seen, Checkpoint shown)
    {
        var (older, newer) = seen.Checkpoint.Size <= shown.Size ? (seen.Checkpoint, shown) : (shown, seen.Checkpoint);
        return older.Origin == newer.Origin
            && ConsistencyProof.Verify(older.Size, older.Root, newer.Size, newer.Root, seen.Consistency);
    }

    // An included leaf that is not of any form, or says another place, means the log itself misbehaved.
    private static LogProofResult Place(ReadOnlySpan<byte> leafBytes, long index, CheckpointOpening opening)
    {
        Leaf leaf;
        try
        {
            leaf = Leaf.Parse(leafBytes);
        }
        catch (LeafException)
        {
            return LogProofResult.Failed(LogProofCode.LeafMalformed);
        }

        return leaf.Index == index && leaf.Origin == opening.Checkpoint?.Origin
            ? new LogProofResult(LogProofCode.Proven, leaf, opening.Checkpoint, opening.Cosignatures)
            : LogProofResult.Failed(LogProofCode.LeafMisplaced);
    }
}
