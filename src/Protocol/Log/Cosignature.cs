using System.Buffers.Binary;
using System.Globalization;

namespace Delivery.Protocol.Log;

/// <summary>
/// The message and the bytes of a witness's dated signature, as c2sp.org/tlog-cosignature lays them out for
/// <c>cosignature/v1</c>, with an ECDSA P-256 signature in the place of the Ed25519 one. It states that at that time
/// this was the largest consistent head the witness had seen of the log.
/// </summary>
internal static class Cosignature
{
    private const int TimeBytes = sizeof(long);

    /// <summary>What the witness signs: a header line, a time line and the checkpoint's text.</summary>
    public static string Message(string checkpointText, long timeSeconds) => string.Create(
        CultureInfo.InvariantCulture, $"{Checkpoint.CosignatureHeader}\ntime {timeSeconds}\n{checkpointText}");

    /// <summary>Puts the time in front of the signature: seconds since 1970-01-01 UTC, 64 bits, big-endian.</summary>
    public static byte[] Encode(long timeSeconds, ReadOnlySpan<byte> signature)
    {
        var bytes = new byte[TimeBytes + signature.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, timeSeconds);
        signature.CopyTo(bytes.AsSpan(TimeBytes));
        return bytes;
    }

    /// <summary>Parts time and signature; false when there is no room for both or the time is 2^63 or more.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out long timeSeconds, out ReadOnlySpan<byte> signature)
    {
        timeSeconds = 0;
        signature = default;
        if (bytes.Length <= TimeBytes)
        {
            return false;
        }

        timeSeconds = BinaryPrimitives.ReadInt64BigEndian(bytes);
        signature = bytes[TimeBytes..];
        return timeSeconds >= 0;
    }
}
