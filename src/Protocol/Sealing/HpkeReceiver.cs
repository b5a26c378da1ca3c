using System.Security.Cryptography;

namespace Delivery.Protocol.Sealing;

/// <summary>The opening side of one encapsulation. Not for concurrent use, see <see cref="HpkeContext"/>.</summary>
internal sealed class HpkeReceiver : HpkeContext
{
    private HpkeReceiver(Hpke.KeySchedule schedule, HpkeLimits limits)
        : base(schedule, limits)
    {
    }

    /// <summary>SetupBaseR of RFC 9180 section 5.1.1.</summary>
    /// <exception cref="CryptographicException">The encapsulation has the wrong length or holds a malformed point.</exception>
    public static HpkeReceiver Setup(
        HpkePrivateKey recipient,
        ReadOnlySpan<byte> encapsulation,
        ReadOnlySpan<byte> info,
        HpkeAead aead = HpkeAead.Aes256Gcm,
        HpkeLimits? limits = null)
    {
        var mechanism = KeyEncapsulation.Of(recipient.Suite);
        if (encapsulation.Length != mechanism.EncapsulationSize)
        {
            throw new CryptographicException($"An encapsulation of suite {recipient.Suite} has {mechanism.EncapsulationSize} bytes, not {encapsulation.Length}.");
        }

        Span<byte> secret = stackalloc byte[KeyEncapsulation.SharedSecretSize];
        recipient.Decapsulate(encapsulation, secret);
        var schedule = Hpke.Schedule(mechanism.Id, aead, secret, info);
        CryptographicOperations.ZeroMemory(secret);
        return new HpkeReceiver(schedule, limits ?? HpkeLimits.Default);
    }

    /// <summary>
    /// Opens the next message into a destination exactly 16 bytes shorter. The destination may begin at the same byte as the
    /// sealed message (opening in place), never elsewhere inside it. Nothing stands in it unless the tag held.
    /// </summary>
    /// <exception cref="CryptographicException">The tag did not hold or the limit is reached; the context is dead.</exception>
    public void Open(ReadOnlySpan<byte> additionalData, ReadOnlySpan<byte> sealedMessage, Span<byte> destination)
    {
        var length = sealedMessage.Length - Hpke.TagSize;
        if (length < 0 || destination.Length != length)
        {
            throw new ArgumentException("The destination must be 16 bytes shorter than the sealed message.", nameof(destination));
        }

        Span<byte> nonce = stackalloc byte[Hpke.NonceSize];
        TakeNonce(length, nonce);
        try
        {
            Aead.Decrypt(nonce, sealedMessage[..length], sealedMessage[length..], destination, additionalData);
        }
        catch (CryptographicException)
        {
            CryptographicOperations.ZeroMemory(destination);
            Kill();
            throw;
        }
    }
}
