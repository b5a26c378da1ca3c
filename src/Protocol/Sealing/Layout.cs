using System.Buffers.Binary;
using System.Text;

namespace Delivery.Protocol.Sealing;

/// <summary>Writes fixed byte layouts, big-endian, into a buffer the caller sized. Overrunning the buffer throws.</summary>
internal ref struct LayoutWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    public int Position { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _buffer[..Position];

    public void U8(byte value) => Take(1)[0] = value;

    public void U16(int value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), checked((ushort)value));

    public void U32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);

    public void U64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Take(8), value);

    public void I64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(8), value);

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    /// <summary>A length of one byte, then ASCII.</summary>
    public void Ascii8(string text)
    {
        U8(checked((byte)text.Length));
        Encoding.ASCII.GetBytes(text, Take(text.Length));
    }

    /// <summary>A length of two bytes, then UTF-8.</summary>
    public void Text16(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        U16(length);
        Encoding.UTF8.GetBytes(text, Take(length));
    }

    /// <summary>The next bytes, for the caller to fill.</summary>
    public Span<byte> Take(int length)
    {
        var taken = _buffer.Slice(Position, length);
        Position += length;
        return taken;
    }
}

/// <summary>Reads fixed byte layouts, big-endian. Running short is remembered, not thrown: ask <see cref="IsWhole"/> at the end.</summary>
internal ref struct LayoutReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;
    private bool _short;

    /// <summary>True when every read found its bytes and none are left over.</summary>
    public readonly bool IsWhole => !_short && _rest.IsEmpty;

    public byte U8() => Take(1) is [var value] ? value : (byte)0;

    public ushort U16() => Take(2) is { Length: 2 } taken ? BinaryPrimitives.ReadUInt16BigEndian(taken) : (ushort)0;

    public uint U32() => Take(4) is { Length: 4 } taken ? BinaryPrimitives.ReadUInt32BigEndian(taken) : 0;

    public ulong U64() => Take(8) is { Length: 8 } taken ? BinaryPrimitives.ReadUInt64BigEndian(taken) : 0;

    public long I64() => (long)U64();

    /// <summary>The next bytes, or none when fewer are left.</summary>
    public ReadOnlySpan<byte> Take(int length)
    {
        if (_short || _rest.Length < length)
        {
            _short = true;
            return [];
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
