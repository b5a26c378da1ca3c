using System.Security.Cryptography;

namespace Delivery.Protocol.Sealing;

/// <summary>
/// A recipient's public key that was checked on this machine. Immutable; safe to share between threads.
/// </summary>
internal sealed class HpkePublicKey
{
    private readonly byte[] _bytes;

    private HpkePublicKey(HpkeSuite suite, byte[] bytes)
    {
        Suite = suite;
        _bytes = bytes;
        Id = IdOf(suite, bytes);
    }

    public HpkeSuite Suite { get; }

    /// <summary>The key's 32-byte id, see <see cref="IdOf"/>.</summary>
    public ReadOnlyMemory<byte> Id { get; }

    /// <summary>The KEM's own serialisation: 65 bytes for P-256, 1249 for MLKEM768-P256.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Reads and validates a raw public key.</summary>
    /// <exception cref="CryptographicException">Wrong length, or the key does not validate.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine cannot run the suite.</exception>
    public static HpkePublicKey Import(HpkeSuite suite, ReadOnlySpan<byte> publicKey)
    {
        var mechanism = Hpke.Supported(suite);
        if (publicKey.Length != mechanism.PublicKeySize)
        {
            throw new CryptographicException($"A public key of suite {suite} has {mechanism.PublicKeySize} bytes, not {publicKey.Length}.");
        }

        mechanism.CheckPublicKey(publicKey);
        return new HpkePublicKey(suite, publicKey.ToArray());
    }

    /// <summary>
    /// The id of a raw public key. P-256: SHA-256 of its SubjectPublicKeyInfo, as certificates have it. MLKEM768-P256, which
    /// has no registered SubjectPublicKeyInfo: SHA-256(suite as big-endian u16 ‖ raw public key).
    /// Needs no support for the suite, so a machine without ML-KEM can still name such a key.
    /// </summary>
    public static byte[] IdOf(HpkeSuite suite, ReadOnlySpan<byte> publicKey) => KeyEncapsulation.Of(suite).IdOf(publicKey);
}
