using Delivery.Client.Refusals;
using Delivery.Protocol.Log;

namespace Delivery.Client.Log;

/// <summary>A head of the log that was believed.</summary>
/// <param name="Head">What it says.</param>
/// <param name="Note">Its bytes.</param>
/// <param name="Cosignatures">Witnesses of the policy that cosigned it.</param>
/// <param name="Seen">The head seen before; null on first sight.</param>
internal sealed record BelievedHead(Checkpoint Head, byte[] Note, IReadOnlyList<HeldSignature> Cosignatures, Checkpoint? Seen);

/// <summary>
/// Asks a server for its newest head and believes it only when the policy's keys signed it and it is of one history with the head seen before.
/// A policy with a quorum is answered with the newest head that a witness cosigned.
/// </summary>
internal sealed class LogHeads(LogClient log, CheckpointMemory memory, LogPolicy policy)
{
    /// <exception cref="ProofRefusedException">Something does not hold.</exception>
    public async Task<BelievedHead> NewestAsync(CancellationToken cancellation)
    {
        var isWitnessed = policy.Quorum > 0;
        var note = await log.CheckpointAsync(isWitnessed, cancellation);
        var opening = CheckpointVerifier.Open(policy, note);
        if (opening.Checkpoint is not { } head)
        {
            throw Refused(opening.Code);
        }

        var seen = memory.Seen;

        // A log that became shorter has lost leaves, whatever it offers to prove; but witnesses sign later than the log does.
        if (seen is not null && ((seen.Size > head.Size && !isWitnessed) || !await AreOneHistoryAsync(seen, head, cancellation)))
        {
            throw Refused(LogProofCode.HistoryForked);
        }

        return new BelievedHead(head, note, opening.Cosignatures, seen);
    }

    /// <summary>Remembers a head once everything about it held.</summary>
    public void Remember(BelievedHead believed) => memory.Remember(believed.Head, believed.Note);

    /// <summary>Whether the server can prove that one of two heads continues the other.</summary>
    public async Task<bool> AreOneHistoryAsync(Checkpoint one, Checkpoint other, CancellationToken cancellation)
    {
        var (older, newer) = one.Size < other.Size ? (one.Size, other.Size) : (other.Size, one.Size);
        IReadOnlyList<LogHash> hashes = older == 0 || older == newer ? [] : LogHashes.Read(await log.ConsistencyAsync(older, newer, cancellation));
        return LogProofVerifier.Continues(new SeenCheckpoint(one, hashes), other);
    }

    public static ProofRefusedException Refused(LogProofCode code) => new(
        code is LogProofCode.HistoryForked ? ClientReasons.LogForked : ClientReasons.ProofRefused, code.ToString());
}
