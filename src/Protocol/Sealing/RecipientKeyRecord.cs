using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Delivery.Protocol.Sealing;

/// <summary>
/// The bytes with which Statistics Denmark vouches for one of its recipient keys: magic "DLVK", version u8 = 1, suite u16,
/// public key (u16 length, bytes), organisation (CVR number, 8 ASCII digits), not-before and not-after (Unix seconds, i64),
/// ordinal u32; big-endian. They are signed and stored as written. Substituting a recipient key is the most important
/// attack on sealing: a key counts only with a signature by a certificate that chains to the pinned organisation. This type
/// checks the signature; the server builds the chain.
/// </summary>
/// <param name="Suite">The suite the key is for.</param>
/// <param name="PublicKey">Raw bytes of the length the suite has; proven to be a key only by <see cref="ImportPublicKey"/>.</param>
/// <param name="Organisation">CVR number: eight digits.</param>
/// <param name="NotBefore">First instant at which extracts may be sealed to the key; whole seconds.</param>
/// <param name="NotAfter">First instant at which they may no longer.</param>
/// <param name="Ordinal">Counts the organisation's records, so that a later one can be told from an earlier.</param>
internal sealed record RecipientKeyRecord(
    HpkeSuite Suite,
    ReadOnlyMemory<byte> PublicKey,
    string Organisation,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    uint Ordinal)
{
    private const byte Version = 1;
    private const int OrganisationSize = 8;
    private const int FixedSize = 4 + 1 + 2 + 2 + OrganisationSize + 8 + 8 + 4;

    private static ReadOnlySpan<byte> Magic => "DLVK"u8;

    private static ReadOnlySpan<byte> SignatureLabel => "delivery/v1 recipient key"u8;

    /// <summary>32 bytes, see <see cref="HpkePublicKey.IdOf"/>.</summary>
    public byte[] KeyId() => HpkePublicKey.IdOf(Suite, PublicKey.Span);

    /// <summary>Valid from not-before up to, and without, not-after.</summary>
    public bool IsValidAt(DateTimeOffset instant) => NotBefore <= instant && instant < NotAfter;

    /// <exception cref="CryptographicException">The bytes are no key of the suite.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine cannot run the suite.</exception>
    public HpkePublicKey ImportPublicKey() => HpkePublicKey.Import(Suite, PublicKey.Span);

    /// <exception cref="ArgumentException">A value has no place in the layout.</exception>
    public byte[] Encode()
    {
        if (Flaw() is { } flaw)
        {
            throw new ArgumentException(flaw);
        }

        var bytes = new byte[FixedSize + PublicKey.Length];
        var layout = new LayoutWriter(bytes);
        layout.Bytes(Magic);
        layout.U8(Version);
        layout.U16((ushort)Suite);
        layout.U16(PublicKey.Length);
        layout.Bytes(PublicKey.Span);
        Encoding.ASCII.GetBytes(Organisation, layout.Take(OrganisationSize));
        layout.I64(NotBefore.ToUnixTimeSeconds());
        layout.I64(NotAfter.ToUnixTimeSeconds());
        layout.U32(Ordinal);
        return bytes;
    }

    /// <summary>Reads a record; false when the bytes are not exactly one. Says nothing about who signed it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out RecipientKeyRecord? record)
    {
        record = null;
        var layout = new LayoutReader(bytes);
        if (!layout.Take(Magic.Length).SequenceEqual(Magic) || layout.U8() != Version)
        {
            return false;
        }

        var suite = (HpkeSuite)layout.U16();
        var publicKey = layout.Take(layout.U16()).ToArray();
        var organisation = Encoding.ASCII.GetString(layout.Take(OrganisationSize));
        var notBefore = layout.I64();
        var notAfter = layout.I64();
        var ordinal = layout.U32();
        if (!layout.IsWhole || !IsInstant(notBefore) || !IsInstant(notAfter))
        {
            return false;
        }

        var candidate = new RecipientKeyRecord(
            suite, publicKey, organisation, DateTimeOffset.FromUnixTimeSeconds(notBefore), DateTimeOffset.FromUnixTimeSeconds(notAfter), ordinal);
        record = candidate.Flaw() is null ? candidate : null;
        return record is not null;
    }

    /// <summary>Signs encoded record bytes with the organisation's ECDSA P-256 key: 64 bytes.</summary>
    public static byte[] Sign(ReadOnlySpan<byte> record, ECDsa signer) => SenderKey.Sign(signer, SignatureLabel, record);

    /// <summary>
    /// Whether the certificate's P-256 key signed these bytes. The caller has built the certificate's chain to the pinned
    /// organisation; this check alone proves nothing about who that is.
    /// </summary>
    public static bool Verify(ReadOnlySpan<byte> record, ReadOnlySpan<byte> signature, X509Certificate2 signer)
    {
        using var key = signer.GetECDsaPublicKey();
        return key is not null && SenderKey.IsP256(key) && SenderKey.Verify(key, SignatureLabel, record, signature);
    }

    private static bool IsInstant(long unixSeconds) =>
        unixSeconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && unixSeconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private string? Flaw() =>
        !Enum.IsDefined(Suite) ? "A record names a known suite."
        : PublicKey.Length != KeyEncapsulation.Of(Suite).PublicKeySize ? "The public key has another length than its suite's keys."
        : Organisation.Length != OrganisationSize || Organisation.AsSpan().ContainsAnyExceptInRange('0', '9') ? "A CVR number has eight digits."
        : NotBefore >= NotAfter ? "A key ends after it begins."
        : NotBefore.Ticks % TimeSpan.TicksPerSecond != 0 || NotAfter.Ticks % TimeSpan.TicksPerSecond != 0 ? "Validity is given in whole seconds."
        : null;
}
