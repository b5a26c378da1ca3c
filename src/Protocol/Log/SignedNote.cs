namespace Delivery.Protocol.Log;

/// <summary>How a note stands against the keys that someone knows.</summary>
internal enum NoteStanding
{
    /// <summary>At least one known key signed it, and no known key's signature is wrong.</summary>
    Signed,

    /// <summary>No known key signed it.</summary>
    Unknown,

    /// <summary>A line that names a known key does not hold.</summary>
    Wrong,
}

/// <summary>A signature that held.</summary>
/// <param name="Key">The key that made it.</param>
/// <param name="TimeSeconds">For a witness, when it signed, in seconds since 1970-01-01 UTC; otherwise null.</param>
internal sealed record HeldSignature(VerifierKey Key, long? TimeSeconds);

/// <summary>
/// Text with signature lines (c2sp.org/signed-note). Signatures by unknown keys are ignored, so that a log can rotate
/// keys and gather witnesses; a known key whose signature does not hold makes the whole note wrong. Immutable.
/// </summary>
internal sealed class SignedNote
{
    /// <summary>A checkpoint with all its witnesses stays far below; the limit bounds what an attacker makes us read.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>C2SP asks for at least 16; every line by a known key costs a signature check.</summary>
    public const int MaxSignatures = 32;

    /// <summary>A note with these lines.</summary>
    public SignedNote(string text, IReadOnlyList<NoteSignature> signatures) => (Text, Signatures) = (text, signatures);

    /// <summary>The signed text, with its last newline. Not to be believed before <see cref="Verify"/>.</summary>
    public string Text { get; }

    /// <summary>All signature lines, known or not, in order.</summary>
    public IReadOnlyList<NoteSignature> Signatures { get; }

    /// <summary>Reads a note.</summary>
    /// <exception cref="LogFormatException">With <see cref="LogFormatException.Note"/>.</exception>
    public static SignedNote Parse(ReadOnlySpan<byte> bytes)
    {
        var all = bytes.Length <= MaxBytes ? StrictText.Utf8Lines(bytes) : null;

        // The last empty line parts text from signatures; the text itself may have empty lines.
        var blank = all?.LastIndexOf("\n\n", StringComparison.Ordinal) ?? -1;
        if (all is null || blank < 0 || !all.EndsWith('\n'))
        {
            throw new LogFormatException(
                LogFormatException.Note, "A note is UTF-8 text, an empty line and signature lines, within 64 KiB.");
        }

        var lines = all[(blank + 2)..].Split('\n')[..^1];
        if (lines.Length is 0 or > MaxSignatures)
        {
            throw new LogFormatException(LogFormatException.Note, "A note has 1 to 32 signature lines.");
        }

        return new SignedNote(all[..(blank + 1)], [.. lines.Select(NoteSignature.Parse)]);
    }

    /// <summary>The bytes of the note.</summary>
    public byte[] Encode() =>
        StrictText.Bytes(Text + "\n" + string.Concat(Signatures.Select(signature => signature.Encode() + "\n")));

    /// <summary>The note with one more signature line at its end.</summary>
    public SignedNote With(NoteSignature signature) => new(Text, [.. Signatures, signature]);

    /// <summary>
    /// Checks every line that names a known key. Several lines by one key must all hold and count once.
    /// </summary>
    /// <returns>The standing, and the signatures that held, none unless the note is signed.</returns>
    public (NoteStanding Standing, IReadOnlyList<HeldSignature> Held) Verify(IReadOnlyCollection<VerifierKey> known)
    {
        var held = new List<HeldSignature>();
        foreach (var signature in Signatures)
        {
            foreach (var key in known.Where(key => key.Name == signature.Name && key.KeyId == signature.KeyId))
            {
                if (Check(key, signature) is not { } good)
                {
                    return (NoteStanding.Wrong, []);
                }

                if (!held.Exists(before => before.Key == key))
                {
                    held.Add(good);
                }
            }
        }

        return (held.Count > 0 ? NoteStanding.Signed : NoteStanding.Unknown, held);
    }

    private HeldSignature? Check(VerifierKey key, NoteSignature line)
    {
        switch (key.Kind)
        {
            case NoteKeyKind.Log:
                return key.Verify(Text, line.Signature) ? new HeldSignature(key, null) : null;
            case NoteKeyKind.Witness:
                return Cosignature.TryRead(line.Signature, out var timeSeconds, out var signature)
                    && key.Verify(Cosignature.Message(Text, timeSeconds), signature)
                        ? new HeldSignature(key, timeSeconds)
                        : null;
            default:
                throw new InvalidOperationException("A key kind without a check.");
        }
    }
}
