using System.Buffers.Binary;

namespace Delivery.Protocol.Log;

/// <summary>
/// One signature line of a note: <c>— name base64(key id ‖ signature)</c>. Reading it says nothing about whether it
/// holds; <see cref="SignedNote.Verify"/> does.
/// </summary>
/// <param name="Name">Name of the key.</param>
/// <param name="KeyId">Its four-byte id, big-endian in the bytes.</param>
/// <param name="Signature">Whatever the key's type puts there.</param>
internal sealed record NoteSignature(string Name, uint KeyId, byte[] Signature)
{
    /// <summary>An em dash and a space begin each signature line.</summary>
    internal const string LineStart = "\u2014 ";

    private const int KeyIdBytes = sizeof(uint);

    /// <summary>True for a name without Unicode spaces or plus signs, as c2sp.org/signed-note asks.</summary>
    public static bool IsKeyName(string name) =>
        name.Length > 0 && !name.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter == '+');

    /// <summary>Reads a line without its newline.</summary>
    /// <exception cref="LogFormatException">With <see cref="LogFormatException.Note"/>.</exception>
    public static NoteSignature Parse(string line)
    {
        var parts = line.StartsWith(LineStart, StringComparison.Ordinal) ? line[LineStart.Length..].Split(' ') : [];
        if (parts.Length != 2 || !IsKeyName(parts[0])
            || !StrictText.TryBase64(parts[1], out var bytes) || bytes.Length <= KeyIdBytes)
        {
            throw new LogFormatException(
                LogFormatException.Note, "A signature line is an em dash, a key name and base64 of key id and signature.");
        }

        return new NoteSignature(parts[0], BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes[KeyIdBytes..]);
    }

    /// <summary>The line without its newline.</summary>
    public string Encode()
    {
        var bytes = new byte[KeyIdBytes + Signature.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyId);
        Signature.CopyTo(bytes, KeyIdBytes);
        return $"{LineStart}{Name} {Convert.ToBase64String(bytes)}";
    }
}
