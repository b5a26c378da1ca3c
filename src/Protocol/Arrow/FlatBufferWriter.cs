using System.Buffers.Binary;
using System.Text;

namespace Delivery.Protocol.Arrow;

/// <summary>
/// Writes FlatBuffers front to back: a parent first, with empty places for its children, then each child, which is
/// linked into its place. The format only asks that offsets point forwards, so nothing has to be built in reverse,
/// and one sequence of calls gives one sequence of bytes.
/// </summary>
/// <remarks>
/// Positions are counted from the start of the buffer and stay right when it grows. Not for several threads; reuse after
/// <see cref="Clear"/> costs no allocation. Format: https://flatbuffers.dev/internals.
/// </remarks>
internal sealed class FlatBufferWriter
{
    private const int RootLength = 4;
    private byte[] buffer = new byte[1024];
    private int length = RootLength;

    /// <summary>What has been written, a multiple of 8 bytes after <see cref="Finish"/>.</summary>
    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, length);

    public void Clear()
    {
        // Padding and absent values rely on zeros.
        buffer.AsSpan(0, length).Clear();
        length = RootLength;
    }

    /// <summary>
    /// Starts a table. <paramref name="fieldSizes"/> gives each field's width in bytes in the order of its schema: 8, 4, 2 or 1,
    /// or 0 for a field left out.
    /// </summary>
    public int StartTable(params ReadOnlySpan<byte> fieldSizes)
    {
        var vtableLength = 4 + (2 * fieldSizes.Length);
        var vtable = Reserve(vtableLength, alignment: 2, aligned: 0);

        // With the wide fields first and the table's own 4-byte offset just before an 8-byte boundary,
        // every field falls on its natural alignment without a gap.
        var tableLength = 4;
        for (byte size = 8; size > 0; size /= 2)
        {
            for (var field = 0; field < fieldSizes.Length; field++)
            {
                if (fieldSizes[field] == size)
                {
                    WriteUInt16(vtable + 4 + (2 * field), tableLength);
                    tableLength += size;
                }
            }
        }

        WriteUInt16(vtable, vtableLength);
        WriteUInt16(vtable + 2, tableLength);
        var table = fieldSizes.Contains((byte)8)
            ? Reserve(tableLength, alignment: 8, aligned: 4)
            : Reserve(tableLength, alignment: 4, aligned: 0);
        WriteInt32(table, table - vtable);
        return table;
    }

    /// <summary>Starts a vector of <paramref name="count"/> zeroed elements, the first on a boundary of <paramref name="alignment"/>.</summary>
    public int StartVector(int count, int elementSize, int alignment)
    {
        var vector = Reserve(4 + (count * elementSize), Math.Max(alignment, 4), aligned: 4);
        WriteInt32(vector, count);
        return vector;
    }

    public int WriteString(string text)
    {
        var count = Encoding.UTF8.GetByteCount(text);

        // One byte more: other readers count on a closing zero.
        var vector = Reserve(4 + count + 1, alignment: 4, aligned: 0);
        WriteInt32(vector, count);
        Encoding.UTF8.GetBytes(text, buffer.AsSpan(vector + 4, count));
        return vector;
    }

    public void SetByte(int table, int field, byte value) => buffer[Place(table, field)] = value;

    public void SetInt16(int table, int field, short value) =>
        BinaryPrimitives.WriteInt16LittleEndian(buffer.AsSpan(Place(table, field)), value);

    public void SetInt32(int table, int field, int value) => WriteInt32(Place(table, field), value);

    public void SetInt64(int table, int field, long value) => WriteInt64(Place(table, field), value);

    /// <summary>Points a table's field at a child written after it.</summary>
    public void Link(int table, int field, int child)
    {
        var place = Place(table, field);
        WriteInt32(place, child - place);
    }

    /// <summary>Points an element of a vector of offsets at a child written after it.</summary>
    public void LinkElement(int vector, int index, int child)
    {
        var place = vector + 4 + (4 * index);
        WriteInt32(place, child - place);
    }

    /// <summary>Writes a 64-bit number into a vector's data, <paramref name="offset"/> bytes from its first element.</summary>
    public void SetElement(int vector, int offset, long value) => WriteInt64(vector + 4 + offset, value);

    /// <summary>Closes the buffer on a table as its root and pads it to 8 bytes.</summary>
    public void Finish(int root)
    {
        WriteInt32(0, root);
        Reserve(0, alignment: 8, aligned: 0);
    }

    private int Place(int table, int field)
    {
        var vtable = table - BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(table));
        return table + BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(vtable + 4 + (2 * field)));
    }

    /// <summary>Takes zeroed room at the next position p where (p + aligned) is a multiple of the alignment.</summary>
    private int Reserve(int count, int alignment, int aligned)
    {
        var position = length;
        while ((position + aligned) % alignment != 0)
        {
            position++;
        }

        length = checked(position + count);
        if (length > buffer.Length)
        {
            Array.Resize(ref buffer, Math.Max(length, checked(buffer.Length * 2)));
        }

        return position;
    }

    private void WriteUInt16(int position, int value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(position), checked((ushort)value));

    private void WriteInt32(int position, int value) => BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(position), value);

    private void WriteInt64(int position, long value) => BinaryPrimitives.WriteInt64LittleEndian(buffer.AsSpan(position), value);
}
