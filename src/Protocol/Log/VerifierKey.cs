using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Delivery.Protocol.Log;

/// <summary>What a key signs.</summary>
internal enum NoteKeyKind
{
    /// <summary>A log's own key, note signature type 0x02: the signature is over the note's text.</summary>
    Log,

    /// <summary>A witness's key, type 0xff with our identifier: the signature is over a dated cosignature message.</summary>
    Witness,
}

/// <summary>
/// A public key that notes are checked with, and its name. Written as c2sp.org/signed-note writes verifier keys:
/// <c>name+keyid+base64(type ‖ SPKI)</c> with the key id as eight hex digits. Immutable; safe from any thread.
/// </summary>
/// <remarks>
/// Key ids: for <see cref="NoteKeyKind.Log"/> the first four bytes of SHA-256(SPKI), as type 0x02 prescribes; for
/// <see cref="NoteKeyKind.Witness"/> the first four of
/// SHA-256(name ‖ 0x0a ‖ 0xff ‖ <c>ecdsa-p256-cosignature/v1</c> ‖ 0x0a ‖ SPKI), the recommended form with our
/// type identifier, a house extension because C2SP assigns no ECDSA cosignature.
/// </remarks>
internal sealed class VerifierKey
{
    /// <summary>The identifier behind type byte 0xff, and the newline that ends it.</summary>
    private const string WitnessIdentifier = "ecdsa-p256-cosignature/v1\n";

    private const byte LogType = 0x02;
    private const byte UnassignedType = 0xff;
    private const int KeyIdDigits = 8;

    private readonly byte[] _spki;

    /// <summary>Names a public key.</summary>
    /// <exception cref="LogFormatException">The name has a space or plus, or the key is not P-256.</exception>
    public VerifierKey(NoteKeyKind kind, string name, byte[] spki)
    {
        if (!NoteSignature.IsKeyName(name))
        {
            throw new LogFormatException(LogFormatException.Key, "A key name is not empty and has no space or plus.");
        }

        using (EcdsaSignature.ImportP256(spki))
        {
            _spki = [.. spki];
        }

        (Kind, Name) = (kind, name);
        KeyId = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(KeyIdInput(kind, name, spki)));
    }

    /// <summary>What it signs.</summary>
    public NoteKeyKind Kind { get; }

    /// <summary>The name on its signature lines.</summary>
    public string Name { get; }

    /// <summary>The hint on its signature lines: with the name it says which key to try, nothing more.</summary>
    public uint KeyId { get; }

    /// <summary>SHA-256 of the SPKI, the id that leaves name keys by.</summary>
    public LogHash SpkiSha256 => LogHash.Of(_spki);

    /// <summary>Reads a verifier key and refuses one whose key id is not its key's.</summary>
    /// <exception cref="LogFormatException">With <see cref="LogFormatException.Key"/>.</exception>
    public static VerifierKey Parse(string text)
    {
        // The base64 at the end may hold plus signs; the name may not.
        var parts = text.Split('+', 3);
        if (parts.Length != 3 || !StrictText.TryBase64(parts[2], out var typed) || typed.Length == 0)
        {
            throw new LogFormatException(LogFormatException.Key, "A verifier key is name+keyid+base64.");
        }

        var witnessPrefix = TypePrefix(NoteKeyKind.Witness);
        var key = typed[0] == LogType ? new VerifierKey(NoteKeyKind.Log, parts[0], typed[1..])
            : typed.AsSpan().StartsWith(witnessPrefix)
                ? new VerifierKey(NoteKeyKind.Witness, parts[0], typed[witnessPrefix.Length..])
            : throw new LogFormatException(LogFormatException.Key, "A verifier key is of type 0x02 or our witness type.");
        if (parts[1].Length != KeyIdDigits || parts[1] != key.KeyIdText)
        {
            throw new LogFormatException(LogFormatException.Key, "A verifier key's id does not belong to its key.");
        }

        return key;
    }

    /// <summary>The verifier key text.</summary>
    public override string ToString() =>
        $"{Name}+{KeyIdText}+{Convert.ToBase64String([.. TypePrefix(Kind), .. _spki])}";

    private string KeyIdText => KeyId.ToString("x8", CultureInfo.InvariantCulture);

    /// <summary>True when this key made the signature over the message.</summary>
    internal bool Verify(string message, ReadOnlySpan<byte> signature) =>
        EcdsaSignature.Verify(_spki, StrictText.Bytes(message), signature);

    private static byte[] TypePrefix(NoteKeyKind kind) => kind switch
    {
        NoteKeyKind.Log => [LogType],
        NoteKeyKind.Witness => [UnassignedType, .. StrictText.Bytes(WitnessIdentifier)],
    };

    private static byte[] KeyIdInput(NoteKeyKind kind, string name, byte[] spki) => kind switch
    {
        NoteKeyKind.Log => spki,
        NoteKeyKind.Witness => [.. StrictText.Bytes(name + "\n"), .. TypePrefix(kind), .. spki],
    };
}
