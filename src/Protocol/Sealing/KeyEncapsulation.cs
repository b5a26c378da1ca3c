using System.Security.Cryptography;

namespace Delivery.Protocol.Sealing;

/// <summary>
/// What HPKE asks of a key encapsulation mechanism (RFC 9180 section 4). Works on raw bytes and keeps no state, so one
/// instance serves all threads: every operation makes and disposes its own platform key.
/// </summary>
internal abstract class KeyEncapsulation
{
    /// <summary>Length of the shared secret of both mechanisms.</summary>
    public const int SharedSecretSize = 32;

    private static readonly DhKemP256 _p256 = new();
    private static readonly MlKem768P256 _mlKem768P256 = new();

    /// <summary>The identifier in the IANA registry of HPKE KEMs.</summary>
    public abstract ushort Id { get; }

    public abstract int PublicKeySize { get; }

    public abstract int PrivateKeySize { get; }

    public abstract int EncapsulationSize { get; }

    /// <summary>Whether this machine's cryptographic library can run the mechanism.</summary>
    public abstract bool IsSupported { get; }

    /// <exception cref="ArgumentOutOfRangeException">The number names no suite.</exception>
    public static KeyEncapsulation Of(HpkeSuite suite)
    {
        // Suites arrive as numbers from the wire and from files, so the unnamed ones are refused here, once for all.
        if (!Enum.IsDefined(suite))
        {
            throw new ArgumentOutOfRangeException(nameof(suite), suite, "No such HPKE suite; 1 is P-256, 2 is MLKEM768-P256.");
        }

        return suite switch
        {
            HpkeSuite.P256 => _p256,
            HpkeSuite.MlKem768P256 => _mlKem768P256,
        };
    }

    /// <summary>The 32-byte id of a raw public key, see <see cref="HpkePublicKey.IdOf"/>.</summary>
    public abstract byte[] IdOf(ReadOnlySpan<byte> publicKey);

    /// <summary>Writes a new private key, from the system's random generator.</summary>
    public abstract void GeneratePrivateKey(Span<byte> privateKey);

    /// <exception cref="CryptographicException">The private key is out of range.</exception>
    public abstract void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey);

    /// <exception cref="CryptographicException">The key is no point on the curve, or no ML-KEM encapsulation key.</exception>
    public abstract void CheckPublicKey(ReadOnlySpan<byte> publicKey);

    public abstract void Encapsulate(ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret, Span<byte> encapsulation);

    /// <exception cref="CryptographicException">The encapsulation is malformed.</exception>
    public abstract void Decapsulate(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> encapsulation, Span<byte> sharedSecret);
}
