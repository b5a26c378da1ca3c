using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Delivery.Protocol.Sealing;

/// <summary>The AEADs HPKE may run with here, by their IANA identifiers. Streams always use AES-256; AES-128 serves test vectors.</summary>
internal enum HpkeAead
{
    Aes128Gcm = 0x0001,
    Aes256Gcm = 0x0002,
}

/// <summary>How much one context may carry, see <see cref="HpkeContext"/>.</summary>
/// <param name="MessagesMax">Messages sealed or opened, all kinds counted.</param>
/// <param name="BytesMax">Plaintext bytes over all messages.</param>
internal readonly record struct HpkeLimits(long MessagesMax, long BytesMax)
{
    /// <summary>
    /// 2^20 messages or 64 GiB. One key stays far below GCM's 2^32 messages and the forgery bound at these sizes, and a lost
    /// context costs a bounded amount of sealed data.
    /// </summary>
    public static HpkeLimits Default => new(1L << 20, 1L << 36);
}

/// <summary>HPKE in Base mode (RFC 9180): which suites run here, and the key schedule both sides share.</summary>
internal static class Hpke
{
    /// <summary>The length GCM adds to every message.</summary>
    public const int TagSize = 16;

    public const int NonceSize = 12;

    private const byte BaseMode = 0x00;

    public static bool IsSupported(HpkeSuite suite) => KeyEncapsulation.Of(suite).IsSupported;

    /// <exception cref="PlatformNotSupportedException">This machine cannot run the suite.</exception>
    public static KeyEncapsulation Supported(HpkeSuite suite)
    {
        var mechanism = KeyEncapsulation.Of(suite);
        return mechanism.IsSupported
            ? mechanism
            : throw new PlatformNotSupportedException($"Suite {suite} needs ML-KEM from the system's cryptographic library (OpenSSL 3.5 or later).");
    }

    /// <summary>KeySchedule of RFC 9180 section 5.1 with an empty PSK.</summary>
    internal static KeySchedule Schedule(ushort kemId, HpkeAead aead, ReadOnlySpan<byte> sharedSecret, ReadOnlySpan<byte> info)
    {
        Span<byte> suiteId = stackalloc byte[10];
        "HPKE"u8.CopyTo(suiteId);
        BinaryPrimitives.WriteUInt16BigEndian(suiteId[4..], kemId);
        BinaryPrimitives.WriteUInt16BigEndian(suiteId[6..], LabeledHkdf.Id);
        BinaryPrimitives.WriteUInt16BigEndian(suiteId[8..], (ushort)aead);

        Span<byte> context = stackalloc byte[1 + (2 * LabeledHkdf.HashSize)];
        context[0] = BaseMode;
        LabeledHkdf.Extract(suiteId, [], "psk_id_hash"u8, [], context.Slice(1, LabeledHkdf.HashSize));
        LabeledHkdf.Extract(suiteId, [], "info_hash"u8, info, context[(1 + LabeledHkdf.HashSize)..]);

        Span<byte> secret = stackalloc byte[LabeledHkdf.HashSize];
        LabeledHkdf.Extract(suiteId, sharedSecret, "secret"u8, [], secret);
        var schedule = new KeySchedule(
            suiteId.ToArray(), new byte[aead == HpkeAead.Aes128Gcm ? 16 : 32], new byte[NonceSize], new byte[LabeledHkdf.HashSize]);
        LabeledHkdf.Expand(suiteId, secret, "key"u8, context, schedule.Key);
        LabeledHkdf.Expand(suiteId, secret, "base_nonce"u8, context, schedule.BaseNonce);
        LabeledHkdf.Expand(suiteId, secret, "exp"u8, context, schedule.ExporterSecret);
        CryptographicOperations.ZeroMemory(secret);
        return schedule;
    }

    /// <summary>What the key schedule yields. Arrays belong to the context that is built from it.</summary>
    internal readonly record struct KeySchedule(byte[] SuiteId, byte[] Key, byte[] BaseNonce, byte[] ExporterSecret);
}
