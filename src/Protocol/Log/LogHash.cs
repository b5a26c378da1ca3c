using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Delivery.Protocol.Log;

/// <summary>
/// One SHA-256 value of the transfer log: a leaf hash, a node, a root, or a digest that a leaf carries.
/// </summary>
/// <remarks>
/// The tree hashing is RFC 6962 section 2.1: leaves are prefixed with 0x00 and inner nodes with 0x01, so that
/// nobody can present a node as a leaf. A value type of 32 bytes; equality is not constant-time because nothing
/// hashed here is a secret. Immutable, shared freely between threads.
/// </remarks>
internal readonly struct LogHash : IEquatable<LogHash>
{
    /// <summary>Length of every hash in bytes.</summary>
    public const int SizeBytes = 32;

    private const byte LeafPrefix = 0x00;
    private const byte NodePrefix = 0x01;
    private const int SmallLeafBytes = 1024;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    /// <summary>Takes the 32 bytes as they are.</summary>
    /// <exception cref="ArgumentException">The span is not exactly 32 bytes long.</exception>
    public LogHash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != SizeBytes)
        {
            throw new ArgumentException("A log hash is exactly 32 bytes.", nameof(bytes));
        }

        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _third = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _fourth = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>Root of the tree without leaves: SHA-256 of nothing.</summary>
    public static LogHash Empty { get; } = Of([]);

    /// <summary>Plain SHA-256, for the digests a leaf carries.</summary>
    public static LogHash Of(ReadOnlySpan<byte> data)
    {
        Span<byte> digest = stackalloc byte[SizeBytes];
        SHA256.HashData(data, digest);
        return new LogHash(digest);
    }

    /// <summary>Hash of one leaf's exact bytes: SHA-256(0x00 ‖ bytes).</summary>
    public static LogHash Leaf(ReadOnlySpan<byte> leafBytes)
    {
        var length = leafBytes.Length + 1;
        Span<byte> buffer = length <= SmallLeafBytes ? stackalloc byte[SmallLeafBytes] : new byte[length];
        buffer[0] = LeafPrefix;
        leafBytes.CopyTo(buffer[1..]);
        return Of(buffer[..length]);
    }

    /// <summary>Hash of an inner node: SHA-256(0x01 ‖ left ‖ right).</summary>
    public static LogHash Node(LogHash left, LogHash right)
    {
        Span<byte> buffer = stackalloc byte[1 + (2 * SizeBytes)];
        buffer[0] = NodePrefix;
        left.CopyTo(buffer[1..]);
        right.CopyTo(buffer[(1 + SizeBytes)..]);
        return Of(buffer);
    }

    /// <summary>Reads 64 lowercase hex digits; anything else answers false.</summary>
    public static bool TryFromHex(ReadOnlySpan<char> hex, out LogHash hash)
    {
        hash = default;
        if (hex.Length != 2 * SizeBytes || hex.ContainsAnyExcept(HexDigits))
        {
            return false;
        }

        hash = new LogHash(Convert.FromHexString(hex));
        return true;
    }

    /// <summary>Reads 64 lowercase hex digits.</summary>
    /// <exception cref="FormatException">Not 64 lowercase hex digits.</exception>
    public static LogHash FromHex(ReadOnlySpan<char> hex) =>
        TryFromHex(hex, out var hash) ? hash : throw new FormatException("A hash is 64 lowercase hex digits.");

    /// <summary>Writes the 32 bytes to the front of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _first);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _second);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _third);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _fourth);
    }

    /// <summary>The 32 bytes in a new array.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[SizeBytes];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>64 lowercase hex digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[SizeBytes];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <inheritdoc/>
    public bool Equals(LogHash other) =>
        _first == other._first && _second == other._second && _third == other._third && _fourth == other._fourth;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is LogHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_first, _second);

    public static bool operator ==(LogHash left, LogHash right) => left.Equals(right);

    public static bool operator !=(LogHash left, LogHash right) => !left.Equals(right);
}
