namespace Delivery.Protocol.Log;

/// <summary>What a check of a proof comes to; <c>delivery log verify</c> exits with 0, 1 and 2 for them in this order.</summary>
internal enum LogProofVerdict
{
    /// <summary>The log, as the policy knows it, holds this leaf.</summary>
    Proven,

    /// <summary>The inputs can be read, and they do not prove it.</summary>
    Refuted,

    /// <summary>An input cannot be read, so nothing was decided.</summary>
    Unusable,
}

/// <summary>Why a check of a proof came to its verdict.</summary>
internal enum LogProofCode
{
    /// <summary>Everything held.</summary>
    Proven,

    /// <summary>The policy is not in its format.</summary>
    PolicyUnreadable,

    /// <summary>The proof is not in its format.</summary>
    ProofUnreadable,

    /// <summary>The checkpoint is not a signed note around three lines.</summary>
    CheckpointUnreadable,

    /// <summary>The leaf is empty or longer than a leaf may be.</summary>
    LeafUnreadable,

    /// <summary>The checkpoint is another log's.</summary>
    OriginDiffers,

    /// <summary>No accepted log key signed the checkpoint.</summary>
    SignatureMissing,

    /// <summary>A known key's signature does not hold.</summary>
    SignatureWrong,

    /// <summary>Fewer witnesses cosigned than the policy asks for.</summary>
    QuorumMissing,

    /// <summary>The leaf does not stand at that index under that root.</summary>
    LeafNotIncluded,

    /// <summary>The leaf is included, but it is no leaf of any form.</summary>
    LeafMalformed,

    /// <summary>The leaf is included, but says it belongs to another log or index.</summary>
    LeafMisplaced,

    /// <summary>The checkpoint does not continue the one seen before: the log was forked or rewritten.</summary>
    HistoryForked,
}

/// <summary>The outcome of checking a proof. Only a proven one carries a leaf.</summary>
/// <param name="Code">Why.</param>
/// <param name="Leaf">The leaf, when proven.</param>
/// <param name="Checkpoint">The checkpoint it was proven against, when proven: what to remember for the next check.</param>
/// <param name="Cosignatures">The witnesses' signatures that held, when proven.</param>
internal sealed record LogProofResult(
    LogProofCode Code, Leaf? Leaf, Checkpoint? Checkpoint, IReadOnlyList<HeldSignature> Cosignatures)
{
    /// <summary>What the code comes to.</summary>
    public LogProofVerdict Verdict => VerdictOf(Code);

    /// <summary>What a code comes to.</summary>
    public static LogProofVerdict VerdictOf(LogProofCode code) => code switch
    {
        LogProofCode.Proven => LogProofVerdict.Proven,
        LogProofCode.PolicyUnreadable or LogProofCode.ProofUnreadable or LogProofCode.CheckpointUnreadable
            or LogProofCode.LeafUnreadable => LogProofVerdict.Unusable,
        LogProofCode.OriginDiffers or LogProofCode.SignatureMissing or LogProofCode.SignatureWrong
            or LogProofCode.QuorumMissing or LogProofCode.LeafNotIncluded or LogProofCode.LeafMalformed
            or LogProofCode.LeafMisplaced or LogProofCode.HistoryForked => LogProofVerdict.Refuted,
    };

    internal static LogProofResult Failed(LogProofCode code) => new(code, null, null, []);
}
