using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Delivery.Protocol.Sealing;

/// <summary>
/// One encapsulation's key, counting its messages. <b>Not for concurrent use</b>: it owns one <see cref="AesGcm"/>, which on
/// Linux silently writes wrong tags when two threads share it. A context dies at its first failure and answers nothing after.
/// </summary>
internal abstract class HpkeContext : IDisposable
{
    private readonly Hpke.KeySchedule _schedule;
    private readonly HpkeLimits _limits;
    private readonly AesGcm _aead;
    private ulong _sequence;
    private long _bytes;

    private protected HpkeContext(Hpke.KeySchedule schedule, HpkeLimits limits)
    {
        _schedule = schedule;
        _limits = limits;
        _aead = new AesGcm(schedule.Key, Hpke.TagSize);
        CryptographicOperations.ZeroMemory(schedule.Key);
    }

    /// <summary>True once an operation failed or the owner disposed the context.</summary>
    public bool IsDead { get; private set; }

    private protected AesGcm Aead => _aead;

    /// <summary>
    /// Whether further messages fit under the limits (2^20 messages, 64 GiB of plaintext by default).
    /// </summary>
    public bool HasRoomFor(int messages, long plaintextBytes) =>
        _sequence + (ulong)messages <= (ulong)_limits.MessagesMax && plaintextBytes <= _limits.BytesMax - _bytes;

    /// <summary>A secret of its own for a label, bound to this encapsulation (RFC 9180 section 5.3).</summary>
    public byte[] Export(ReadOnlySpan<byte> label, int length)
    {
        ObjectDisposedException.ThrowIf(IsDead, this);
        var secret = new byte[length];
        LabeledHkdf.Expand(_schedule.SuiteId, _schedule.ExporterSecret, "sec"u8, label, secret);
        return secret;
    }

    /// <summary>The nonce of the next message. The counter moves before the nonce is used, so no failure can make it appear twice.</summary>
    private protected void TakeNonce(long plaintextBytes, Span<byte> nonce)
    {
        ObjectDisposedException.ThrowIf(IsDead, this);
        if (!HasRoomFor(1, plaintextBytes))
        {
            Kill();
            throw new CryptographicException("This context has carried its limit of messages or bytes; make a new encapsulation.");
        }

        _schedule.BaseNonce.CopyTo(nonce);
        var counter = nonce[(Hpke.NonceSize - sizeof(ulong))..];
        BinaryPrimitives.WriteUInt64BigEndian(counter, BinaryPrimitives.ReadUInt64BigEndian(counter) ^ _sequence);
        _sequence++;
        _bytes += plaintextBytes;
    }

    /// <summary>Ends the context for good.</summary>
    private protected void Kill()
    {
        IsDead = true;
        _aead.Dispose();
        CryptographicOperations.ZeroMemory(_schedule.ExporterSecret);
        CryptographicOperations.ZeroMemory(_schedule.BaseNonce);
    }

    public void Dispose() => Kill();
}
