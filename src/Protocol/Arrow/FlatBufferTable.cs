using System.Buffers.Binary;
using System.Text;

namespace Delivery.Protocol.Arrow;

/// <summary>
/// Reads a FlatBuffers table from bytes nobody vouches for. Every offset is checked against the buffer, and every field
/// against its table, before it is followed; nothing is read outside the span given.
/// </summary>
/// <remarks>Refusals are <see cref="ArrowFormatException"/> with <see cref="ArrowFormatCode.MalformedMetadata"/>.</remarks>
internal readonly ref struct FlatBufferTable
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly ReadOnlySpan<byte> buffer;
    private readonly int table;
    private readonly int tableLength;
    private readonly ReadOnlySpan<byte> slots;

    private FlatBufferTable(ReadOnlySpan<byte> buffer, long position)
    {
        if (position < 0 || position > buffer.Length - 4)
        {
            throw Malformed();
        }

        table = (int)position;
        var vtable = position - BinaryPrimitives.ReadInt32LittleEndian(buffer[table..]);
        if (vtable < 0 || vtable > buffer.Length - 4)
        {
            throw Malformed();
        }

        var vtableLength = BinaryPrimitives.ReadUInt16LittleEndian(buffer[(int)vtable..]);
        tableLength = BinaryPrimitives.ReadUInt16LittleEndian(buffer[((int)vtable + 2)..]);
        if (vtableLength < 4 || vtableLength > buffer.Length - vtable || tableLength < 4 || tableLength > buffer.Length - position)
        {
            throw Malformed();
        }

        this.buffer = buffer;
        slots = buffer.Slice((int)vtable + 4, vtableLength - 4);
    }

    /// <summary>The table the buffer's first four bytes point at.</summary>
    public static FlatBufferTable Root(ReadOnlySpan<byte> buffer) =>
        buffer.Length >= 4 ? new(buffer, BinaryPrimitives.ReadUInt32LittleEndian(buffer)) : throw Malformed();

    public static ArrowFormatException Malformed() =>
        new(ArrowFormatCode.MalformedMetadata, "A message's metadata is not well-formed.");

    public bool Has(int field) => Place(field, 1) != 0;

    public byte Byte(int field, byte absent) => Place(field, 1) is > 0 and var place ? buffer[place] : absent;

    public short Int16(int field, short absent) =>
        Place(field, 2) is > 0 and var place ? BinaryPrimitives.ReadInt16LittleEndian(buffer[place..]) : absent;

    public int Int32(int field, int absent) =>
        Place(field, 4) is > 0 and var place ? BinaryPrimitives.ReadInt32LittleEndian(buffer[place..]) : absent;

    public long Int64(int field, long absent) =>
        Place(field, 8) is > 0 and var place ? BinaryPrimitives.ReadInt64LittleEndian(buffer[place..]) : absent;

    public FlatBufferTable RequiredTable(int field) => new(buffer, Follow(RequiredPlace(field)));

    /// <summary>A vector's elements as bytes; empty when the field is absent.</summary>
    public ReadOnlySpan<byte> Vector(int field, int elementSize) =>
        Place(field, 4) is > 0 and var place ? VectorAt(Follow(place), elementSize) : default;

    /// <summary>How many tables a vector of tables lists; 0 when it is absent.</summary>
    public int TableCount(int field) => Vector(field, elementSize: 4).Length / 4;

    /// <summary>The table an element of a vector of tables points at.</summary>
    public FlatBufferTable TableAt(int field, int index)
    {
        var vector = Follow(RequiredPlace(field));
        if ((uint)index >= (uint)(VectorAt(vector, elementSize: 4).Length / 4))
        {
            throw Malformed();
        }

        return new(buffer, Follow((int)vector + 4 + (4 * index)));
    }

    /// <summary>The bytes of a string; refused when it is absent.</summary>
    public ReadOnlySpan<byte> RequiredText(int field) => VectorAt(Follow(RequiredPlace(field)), elementSize: 1);

    /// <exception cref="ArrowFormatException">The bytes are not UTF-8.</exception>
    public static string Decode(ReadOnlySpan<byte> text)
    {
        try
        {
            return StrictUtf8.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw new ArrowFormatException(ArrowFormatCode.InvalidText, "A text is not UTF-8.");
        }
    }

    /// <summary>Where a field's value stands, or 0 when it is absent.</summary>
    private int Place(int field, int size)
    {
        if ((2 * field) + 2 > slots.Length)
        {
            return 0;
        }

        var offset = BinaryPrimitives.ReadUInt16LittleEndian(slots[(2 * field)..]);
        return offset switch
        {
            0 => 0,
            < 4 => throw Malformed(),
            _ => offset <= tableLength - size ? table + offset : throw Malformed(),
        };
    }

    private int RequiredPlace(int field) => Place(field, 4) is > 0 and var place ? place : throw Malformed();

    private long Follow(int place) => (long)place + BinaryPrimitives.ReadUInt32LittleEndian(buffer[place..]);

    private ReadOnlySpan<byte> VectorAt(long position, int elementSize)
    {
        if (position > buffer.Length - 4)
        {
            throw Malformed();
        }

        var data = buffer[((int)position + 4)..];
        var count = BinaryPrimitives.ReadUInt32LittleEndian(buffer[(int)position..]);
        return count <= (uint)(data.Length / elementSize) ? data[..((int)count * elementSize)] : throw Malformed();
    }
}
