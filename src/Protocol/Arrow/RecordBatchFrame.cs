using System.Runtime.InteropServices;

namespace Delivery.Protocol.Arrow;

/// <summary>
/// A batch being written: the places of its columns in the destination, to be filled in any order before
/// <see cref="Complete"/>. The places hold what the destination held before, so every byte of them must be written.
/// </summary>
internal readonly ref struct RecordBatchFrame(RecordBatchWriter writer, Span<byte> destination)
{
    private readonly Span<byte> destination = destination;

    /// <summary>The validity bitmap, empty when the column was planned without nulls.</summary>
    public Span<byte> Validity(int column) => Place(column, 0);

    /// <summary>The values as bytes, for strings their offsets.</summary>
    public Span<byte> Values(int column) => Place(column, 1);

    /// <summary>The values as little-endian numbers of the column's width.</summary>
    public Span<T> Values<T>(int column)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Place(column, 1));

    /// <summary>The bytes of a string column.</summary>
    public Span<byte> Data(int column) => Place(column, 2);

    /// <summary>Copies a column from where it lies: one copy per buffer.</summary>
    /// <exception cref="ArgumentException">The spans are not as long as planned.</exception>
    /// <exception cref="ArrowFormatException">A string column from elsewhere has text under a null.</exception>
    public void Copy(int column, ColumnSpans source)
    {
        var validity = Validity(column);
        CopyExactly(validity.IsEmpty ? default : source.Validity, validity);
        if (writer.Schema.Fields[column].Type.Kind != ArrowKind.Utf8)
        {
            CopyExactly(source.Values, Values(column));
            return;
        }

        CopyExactly(source.Data, Data(column));
        CopyOffsets(MemoryMarshal.Cast<byte, int>(source.Values), Values<int>(column));
        if (!StringsFit(column, validity))
        {
            throw new ArrowFormatException(ArrowFormatCode.InvalidOffsets, $"Column {column} has text under a null.");
        }
    }

    /// <summary>
    /// Checks what was filled in and zeroes the values of null rows. After this the destination holds the message.
    /// </summary>
    /// <exception cref="InvalidOperationException">A column has another number of nulls than planned, or string offsets that do not fit its bytes.</exception>
    public void Complete()
    {
        for (var column = 0; column < writer.Schema.Fields.Length; column++)
        {
            var type = writer.Schema.Fields[column].Type;
            var validity = Validity(column);
            if (type.Kind == ArrowKind.Utf8 && !StringsFit(column, validity))
            {
                throw new InvalidOperationException($"The string offsets of column {column} do not fit its bytes and nulls.");
            }

            if (validity.IsEmpty)
            {
                continue;
            }

            ValidityBitmap.ClearTail(validity, writer.RowCount);
            if (ValidityBitmap.CountNulls(validity, writer.RowCount) != writer.NullCount(column))
            {
                throw new InvalidOperationException($"Column {column} was not filled with the {writer.NullCount(column)} nulls planned.");
            }

            if (type.Kind != ArrowKind.Utf8)
            {
                ValidityBitmap.ClearNullValues(validity, writer.RowCount, Values(column), type.ValueWidthBytes);
            }
        }
    }

    private static void CopyExactly(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (source.Length != destination.Length)
        {
            throw new ArgumentException($"A buffer of {source.Length} bytes was given where {destination.Length} were planned.");
        }

        source.CopyTo(destination);
    }

    /// <summary>Offsets from elsewhere may start past 0, or be left out where there are no rows.</summary>
    private static void CopyOffsets(ReadOnlySpan<int> source, Span<int> destination)
    {
        if (source.IsEmpty && destination.Length == 1)
        {
            destination[0] = 0;
            return;
        }

        CopyExactly(MemoryMarshal.AsBytes(source), MemoryMarshal.AsBytes(destination));
        var start = destination[0];
        for (var index = 0; start != 0 && index < destination.Length; index++)
        {
            destination[index] -= start;
        }
    }

    private Span<byte> Place(int column, int buffer)
    {
        var (offset, length) = writer.Buffer(column, buffer);
        return destination.Slice(offset, length);
    }

    /// <summary>A null string is an empty one, for the same reason that other null values are zero.</summary>
    private bool StringsFit(int column, ReadOnlySpan<byte> validity)
    {
        var offsets = Values<int>(column);
        var fits = offsets[0] == 0 && offsets[^1] == Data(column).Length;
        for (var row = 0; fits && row < writer.RowCount; row++)
        {
            var length = offsets[row + 1] - (long)offsets[row];
            fits = length == 0 || (length > 0 && (validity.IsEmpty || ValidityBitmap.IsSet(validity, row)));
        }

        return fits;
    }
}
