using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Delivery.Protocol.Sealing;

/// <summary>HKDF-SHA256 under the labels of RFC 9180 section 4, which keep the uses of one secret apart.</summary>
internal static class LabeledHkdf
{
    public const int HashSize = 32;

    /// <summary>The identifier of HKDF-SHA256 in the IANA registry of HPKE KDFs.</summary>
    public const ushort Id = 0x0001;

    private static ReadOnlySpan<byte> Version => "HPKE-v1"u8;

    /// <summary>LabeledExtract: writes 32 bytes.</summary>
    public static void Extract(
        ReadOnlySpan<byte> suiteId, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> label, ReadOnlySpan<byte> keyMaterial, Span<byte> key)
    {
        byte[] labeled = [.. Version, .. suiteId, .. label, .. keyMaterial];
        HKDF.Extract(HashAlgorithmName.SHA256, labeled, salt, key);
        CryptographicOperations.ZeroMemory(labeled);
    }

    /// <summary>LabeledExpand: fills the output, of at most 65535 bytes.</summary>
    public static void Expand(
        ReadOnlySpan<byte> suiteId, ReadOnlySpan<byte> key, ReadOnlySpan<byte> label, ReadOnlySpan<byte> info, Span<byte> output)
    {
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)output.Length));
        byte[] labeled = [.. length, .. Version, .. suiteId, .. label, .. info];
        HKDF.Expand(HashAlgorithmName.SHA256, key, output, labeled);
    }
}
