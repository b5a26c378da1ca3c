namespace Delivery.Protocol.Log;

/// <summary>A signed checkpoint held against a policy. Only a proven one carries a checkpoint.</summary>
/// <param name="Code"><see cref="LogProofCode.Proven"/>, or why not.</param>
/// <param name="Checkpoint">The head, when proven.</param>
/// <param name="Cosignatures">The witnesses' signatures that held, when proven, with their times.</param>
internal sealed record CheckpointOpening(
    LogProofCode Code, Checkpoint? Checkpoint, IReadOnlyList<HeldSignature> Cosignatures);

/// <summary>
/// Opens signed checkpoints under a policy: the client does so with every checkpoint the server shows, a witness before
/// it cosigns, the tool before it compares two. Pure; safe from any thread.
/// </summary>
internal static class CheckpointVerifier
{
    /// <summary>Checks form, origin, the log's signature and the quorum, in that order.</summary>
    public static CheckpointOpening Open(LogPolicy policy, ReadOnlySpan<byte> noteBytes)
    {
        SignedNote note;
        Checkpoint checkpoint;
        try
        {
            note = SignedNote.Parse(noteBytes);
            checkpoint = Checkpoint.Parse(note.Text);
        }
        catch (LogFormatException)
        {
            return Failed(LogProofCode.CheckpointUnreadable);
        }

        if (checkpoint.Origin != policy.Origin)
        {
            return Failed(LogProofCode.OriginDiffers);
        }

        var (standing, held) = note.Verify(policy.Keys);
        if (standing is NoteStanding.Wrong)
        {
            return Failed(LogProofCode.SignatureWrong);
        }

        var cosignatures = held.Where(signature => signature.Key.Kind is NoteKeyKind.Witness).ToList();
        if (cosignatures.Count == held.Count)
        {
            return Failed(LogProofCode.SignatureMissing);
        }

        return cosignatures.Count < policy.Quorum
            ? Failed(LogProofCode.QuorumMissing)
            : new CheckpointOpening(LogProofCode.Proven, checkpoint, cosignatures);
    }

    private static CheckpointOpening Failed(LogProofCode code) => new(code, null, []);
}
