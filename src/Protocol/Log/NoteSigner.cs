using System.Security.Cryptography;

namespace Delivery.Protocol.Log;

/// <summary>
/// A private P-256 key with the name it signs under. The key object belongs to the caller, who disposes it; since key
/// objects may not be shared between threads, neither may a signer.
/// </summary>
internal sealed class NoteSigner
{
    private readonly ECDsa _key;

    /// <summary>Takes a key for one purpose. The same key must never serve two names or two kinds.</summary>
    /// <exception cref="LogFormatException">The name has a space or plus, or the key is not P-256.</exception>
    public NoteSigner(NoteKeyKind kind, string name, ECDsa key)
    {
        _key = key;
        Verifier = new VerifierKey(kind, name, key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>The public half, to hand to those who check.</summary>
    public VerifierKey Verifier { get; }

    /// <summary>Signs a checkpoint as its log. The key's name must be the checkpoint's origin.</summary>
    /// <exception cref="InvalidOperationException">A witness's key, or another log's.</exception>
    public SignedNote Sign(Checkpoint checkpoint)
    {
        if (Verifier.Kind is not NoteKeyKind.Log || Verifier.Name != checkpoint.Origin)
        {
            throw new InvalidOperationException("A checkpoint is signed by a log key that has the origin as its name.");
        }

        var text = checkpoint.Encode();
        return new SignedNote(text, [Line(EcdsaSignature.Sign(_key, StrictText.Bytes(text)))]);
    }

    /// <summary>
    /// Cosigns a checkpoint as a witness that has verified it to be consistent with every earlier one it saw.
    /// </summary>
    /// <param name="note">The log's signed note, already verified.</param>
    /// <param name="timeSeconds">Now, in seconds since 1970-01-01 UTC.</param>
    /// <exception cref="InvalidOperationException">A log's key.</exception>
    /// <exception cref="LogFormatException">The note's text is not a checkpoint.</exception>
    public SignedNote Cosign(SignedNote note, long timeSeconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(timeSeconds);
        if (Verifier.Kind is not NoteKeyKind.Witness)
        {
            throw new InvalidOperationException("A checkpoint is cosigned by a witness key.");
        }

        var message = Cosignature.Message(Checkpoint.Parse(note.Text).Encode(), timeSeconds);
        var signature = EcdsaSignature.Sign(_key, StrictText.Bytes(message));
        return note.With(Line(Cosignature.Encode(timeSeconds, signature)));
    }

    private NoteSignature Line(byte[] signature) => new(Verifier.Name, Verifier.KeyId, signature);
}
