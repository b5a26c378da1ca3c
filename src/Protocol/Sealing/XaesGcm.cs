using System.Security.Cryptography;

namespace Delivery.Protocol.Sealing;

/// <summary>
/// XAES-256-GCM (c2sp.org/XAES-256-GCM): AES-256-GCM with a random nonce of 24 bytes, long enough that nobody has to count.
/// A counter would repeat when a backup is restored; a random nonce does not. A sealed blob is nonce ‖ ciphertext ‖ tag,
/// 40 bytes longer than its plaintext. Threads may share the key; see <see cref="DataKey"/>.
/// </summary>
internal static class XaesGcm
{
    public const int NonceSize = 24;
    public const int TagSize = 16;

    /// <summary>What sealing adds to a plaintext.</summary>
    public const int Overhead = NonceSize + TagSize;

    private const int DerivationSize = 12;

    /// <summary>Seals into a destination exactly 40 bytes longer than the plaintext and apart from it.</summary>
    public static void Seal(DataKey key, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> additionalData, Span<byte> destination)
    {
        if (destination.Length != plaintext.Length + Overhead)
        {
            throw new ArgumentException("The destination must be 40 bytes longer than the plaintext.", nameof(destination));
        }

        var nonce = destination[..NonceSize];
        RandomNumberGenerator.Fill(nonce);
        SealWithNonce(key, nonce, plaintext, additionalData, destination[NonceSize..]);
    }

    /// <summary>Opens into a destination exactly 40 bytes shorter than the blob and apart from it; it holds nothing unless the tag held.</summary>
    /// <exception cref="CryptographicException">Not sealed with this key and this additional data, or altered since.</exception>
    public static void Open(DataKey key, ReadOnlySpan<byte> blob, ReadOnlySpan<byte> additionalData, Span<byte> destination)
    {
        if (blob.Length < Overhead)
        {
            throw new CryptographicException($"A sealed blob has at least {Overhead} bytes; this one has {blob.Length}.");
        }

        if (destination.Length != blob.Length - Overhead)
        {
            throw new ArgumentException("The destination must be 40 bytes shorter than the sealed blob.", nameof(destination));
        }

        var nonce = blob[..NonceSize];
        using var aead = Derived(key, nonce);
        aead.Decrypt(nonce[DerivationSize..], blob[NonceSize..^TagSize], blob[^TagSize..], destination, additionalData);
    }

    /// <summary>Seals under a given nonce, writing ciphertext ‖ tag. Only test vectors give one.</summary>
    internal static void SealWithNonce(
        DataKey key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> additionalData, Span<byte> destination)
    {
        using var aead = Derived(key, nonce);
        aead.Encrypt(nonce[DerivationSize..], plaintext, destination[..plaintext.Length], destination[plaintext.Length..], additionalData);
    }

    private static AesGcm Derived(DataKey key, ReadOnlySpan<byte> nonce)
    {
        Span<byte> derived = stackalloc byte[DataKey.Size];
        key.Derive(nonce[..DerivationSize], derived);
        var aead = new AesGcm(derived, TagSize);
        CryptographicOperations.ZeroMemory(derived);
        return aead;
    }
}
