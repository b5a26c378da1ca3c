using System.Security.Cryptography;

namespace Delivery.Protocol.Sealing;

/// <summary>The sealing side of one encapsulation. Not for concurrent use, see <see cref="HpkeContext"/>.</summary>
internal sealed class HpkeSender : HpkeContext
{
    private readonly byte[] _encapsulation;

    private HpkeSender(Hpke.KeySchedule schedule, HpkeLimits limits, byte[] encapsulation)
        : base(schedule, limits) => _encapsulation = encapsulation;

    /// <summary>What the recipient needs to open: 65 bytes for P-256, 1153 for MLKEM768-P256.</summary>
    public ReadOnlySpan<byte> Encapsulation => _encapsulation;

    /// <summary>SetupBaseS of RFC 9180 section 5.1.1, with AES-256-GCM.</summary>
    public static HpkeSender Setup(HpkePublicKey recipient, ReadOnlySpan<byte> info, HpkeLimits? limits = null)
    {
        var mechanism = KeyEncapsulation.Of(recipient.Suite);
        Span<byte> secret = stackalloc byte[KeyEncapsulation.SharedSecretSize];
        var encapsulation = new byte[mechanism.EncapsulationSize];
        mechanism.Encapsulate(recipient.Bytes, secret, encapsulation);
        return FromSecret(mechanism.Id, HpkeAead.Aes256Gcm, secret, encapsulation, info, limits);
    }

    /// <summary>A P-256 setup whose ephemeral key is given. Only test vectors may do so: a repeated key repeats every nonce.</summary>
    internal static HpkeSender SetupDeterministic(
        HpkeAead aead, ReadOnlySpan<byte> ephemeralScalar, HpkePublicKey recipient, ReadOnlySpan<byte> info)
    {
        using var ephemeral = NistP256.ImportPrivate(ephemeralScalar);
        Span<byte> secret = stackalloc byte[KeyEncapsulation.SharedSecretSize];
        var encapsulation = new byte[NistP256.PointSize];
        DhKemP256.Encapsulate(ephemeral, recipient.Bytes, secret, encapsulation);
        return FromSecret(KeyEncapsulation.Of(HpkeSuite.P256).Id, aead, secret, encapsulation, info, limits: null);
    }

    /// <summary>
    /// Seals the next message: ciphertext, then 16 bytes of tag. The destination is exactly 16 bytes longer than the plaintext
    /// and may begin at the same byte, never elsewhere inside it. Allocates nothing.
    /// </summary>
    /// <exception cref="CryptographicException">The context has carried its limit; it is dead.</exception>
    public void Seal(ReadOnlySpan<byte> additionalData, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        if (destination.Length != plaintext.Length + Hpke.TagSize)
        {
            throw new ArgumentException("The destination must be 16 bytes longer than the plaintext.", nameof(destination));
        }

        Span<byte> nonce = stackalloc byte[Hpke.NonceSize];
        TakeNonce(plaintext.Length, nonce);
        Aead.Encrypt(nonce, plaintext, destination[..plaintext.Length], destination[plaintext.Length..], additionalData);
    }

    private static HpkeSender FromSecret(
        ushort kemId, HpkeAead aead, Span<byte> secret, byte[] encapsulation, ReadOnlySpan<byte> info, HpkeLimits? limits)
    {
        var schedule = Hpke.Schedule(kemId, aead, secret, info);
        CryptographicOperations.ZeroMemory(secret);
        return new HpkeSender(schedule, limits ?? HpkeLimits.Default, encapsulation);
    }
}
