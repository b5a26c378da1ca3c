using System.Security.Cryptography;

namespace Delivery.Protocol.Sealing;

/// <summary>
/// A recipient's private key, with its public half. Holds bytes only and makes a platform key per use, so threads may share
/// it; the owner disposes it, which clears the bytes.
/// </summary>
internal sealed class HpkePrivateKey : IDisposable
{
    private readonly byte[] _bytes;
    private bool _disposed;

    private HpkePrivateKey(HpkeSuite suite, byte[] bytes)
    {
        _bytes = bytes;
        var mechanism = KeyEncapsulation.Of(suite);
        var publicKey = new byte[mechanism.PublicKeySize];
        mechanism.DerivePublicKey(bytes, publicKey);
        PublicKey = HpkePublicKey.Import(suite, publicKey);
    }

    public HpkeSuite Suite => PublicKey.Suite;

    public HpkePublicKey PublicKey { get; }

    /// <summary>Makes a new key from the system's random generator.</summary>
    /// <exception cref="PlatformNotSupportedException">This machine cannot run the suite.</exception>
    public static HpkePrivateKey Generate(HpkeSuite suite)
    {
        var mechanism = Hpke.Supported(suite);
        var bytes = GC.AllocateUninitializedArray<byte>(mechanism.PrivateKeySize, pinned: true);
        mechanism.GeneratePrivateKey(bytes);
        return new HpkePrivateKey(suite, bytes);
    }

    /// <summary>Reads the bytes that <see cref="Export"/> wrote.</summary>
    /// <exception cref="CryptographicException">Wrong length or out of range.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine cannot run the suite.</exception>
    public static HpkePrivateKey Import(HpkeSuite suite, ReadOnlySpan<byte> privateKey)
    {
        var mechanism = Hpke.Supported(suite);
        if (privateKey.Length != mechanism.PrivateKeySize)
        {
            throw new CryptographicException($"A private key of suite {suite} has {mechanism.PrivateKeySize} bytes, not {privateKey.Length}.");
        }

        var bytes = GC.AllocateUninitializedArray<byte>(mechanism.PrivateKeySize, pinned: true);
        privateKey.CopyTo(bytes);
        return new HpkePrivateKey(suite, bytes);
    }

    /// <summary>The KEM's own 32 bytes, for the key file: a scalar for P-256, a seed for MLKEM768-P256. The caller clears them.</summary>
    public byte[] Export()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return [.. _bytes];
    }

    /// <exception cref="CryptographicException">The encapsulation is malformed.</exception>
    public void Decapsulate(ReadOnlySpan<byte> encapsulation, Span<byte> sharedSecret)
    {
        // A cleared seed is still a seed: without this check a disposed hybrid key would open as the key of all zeros.
        ObjectDisposedException.ThrowIf(_disposed, this);
        KeyEncapsulation.Of(Suite).Decapsulate(_bytes, encapsulation, sharedSecret);
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_bytes);
    }
}
