using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Delivery.Protocol.Arrow;

/// <summary>Reads one record batch message from bytes nobody vouches for, without copying them.</summary>
internal static class RecordBatchReader
{
    /// <param name="schema">The columns the batch must have.</param>
    /// <param name="message">Exactly one encapsulated message; the batch refers to it for as long as it is used.</param>
    /// <exception cref="ArrowFormatException">The bytes are not a batch of this schema.</exception>
    public static RecordBatch Read(ArrowSchema schema, ReadOnlyMemory<byte> message)
    {
        var head = ArrowMessage.ReadWhole(message.Span);
        head.Expect(ArrowFormat.Header.RecordBatch);
        var columns = new RecordBatchColumn[schema.Fields.Length];
        var rowCount = ReadColumns(schema.Fields.AsSpan(), schema.BufferCount, head.Header, message.Span, head.BodyStart, columns);
        return new(schema, rowCount, message, columns);
    }

    /// <summary>Reads a RecordBatch table whose body is the rest of the message from <paramref name="bodyStart"/>.</summary>
    public static int ReadColumns(
        ReadOnlySpan<ArrowField> fields, int bufferCount, FlatBufferTable batch, ReadOnlySpan<byte> message, int bodyStart, Span<RecordBatchColumn> columns)
    {
        if (batch.Has(ArrowFormat.Batch.Compression) || batch.Has(ArrowFormat.Batch.VariadicCounts))
        {
            throw new ArrowFormatException(ArrowFormatCode.UnsupportedFeature, "A batch is compressed or has variadic buffers.");
        }

        var rowCount = batch.Int64(ArrowFormat.Batch.Length, absent: 0);
        var nodes = batch.Vector(ArrowFormat.Batch.Nodes, ArrowFormat.PairLength);
        var buffers = batch.Vector(ArrowFormat.Batch.Buffers, ArrowFormat.PairLength);
        if (nodes.Length != fields.Length * ArrowFormat.PairLength || buffers.Length != bufferCount * ArrowFormat.PairLength)
        {
            throw new ArrowFormatException(ArrowFormatCode.SchemaMismatch, "A batch has other columns or buffers than its schema.");
        }

        // Each row takes at least a byte of the body, so a larger count is a lie before any column is looked at.
        if (rowCount < 0 || rowCount > message.Length - bodyStart)
        {
            throw new ArrowFormatException(ArrowFormatCode.RowCountMismatch, "A batch claims more rows than its body can hold.");
        }

        var places = new BufferList(buffers, message, bodyStart);
        for (var column = 0; column < fields.Length; column++)
        {
            var node = nodes.Slice(column * ArrowFormat.PairLength, ArrowFormat.PairLength);
            if (BinaryPrimitives.ReadInt64LittleEndian(node) != rowCount)
            {
                throw new ArrowFormatException(ArrowFormatCode.RowCountMismatch, $"Column {column} has another number of rows than its batch.");
            }

            columns[column] = ReadColumn(fields[column], column, (int)rowCount, BinaryPrimitives.ReadInt64LittleEndian(node[8..]), ref places);
        }

        return (int)rowCount;
    }

    private static RecordBatchColumn ReadColumn(ArrowField field, int column, int rowCount, long nullCount, ref BufferList places)
    {
        var validity = places.Next(column);
        if (nullCount < 0 || nullCount > rowCount || (nullCount > 0 && !field.Nullable))
        {
            throw new ArrowFormatException(ArrowFormatCode.NullCountMismatch, $"Column {column} cannot have the nulls it claims.");
        }

        if (validity.Length > 0 || nullCount > 0)
        {
            validity = Cut(validity, ValidityBitmap.LengthBytes(rowCount), column);
            if (ValidityBitmap.CountNulls(places.Bytes(validity), rowCount) != nullCount)
            {
                throw new ArrowFormatException(ArrowFormatCode.NullCountMismatch, $"Column {column} has other nulls than it claims.");
            }
        }

        var keptValidity = nullCount == 0 ? default : validity;
        var values = places.Next(column);
        if (field.Type.Kind != ArrowKind.Utf8)
        {
            return new((int)nullCount, keptValidity, Cut(values, (long)rowCount * field.Type.ValueWidthBytes, column), default);
        }

        // A batch without rows may leave out the one offset it would have.
        var offsets = Cut(values, rowCount == 0 ? 0 : 4 * (rowCount + 1L), column);
        var data = places.Next(column);
        CheckOffsets(MemoryMarshal.Cast<byte, int>(places.Bytes(offsets)), data.Length, column);
        return new((int)nullCount, keptValidity, offsets, data);
    }

    private static (int Offset, int Length) Cut((int Offset, int Length) place, long needed, int column) => needed <= place.Length
        ? (place.Offset, (int)needed)
        : throw new ArrowFormatException(ArrowFormatCode.BufferTooShort, $"A buffer of column {column} is too short for its rows.");

    private static void CheckOffsets(ReadOnlySpan<int> offsets, int dataLength, int column)
    {
        var last = 0;
        foreach (var offset in offsets)
        {
            if (offset < last)
            {
                throw new ArrowFormatException(ArrowFormatCode.InvalidOffsets, $"String offsets of column {column} run backwards.");
            }

            last = offset;
        }

        if (last > dataLength)
        {
            throw new ArrowFormatException(ArrowFormatCode.InvalidOffsets, $"String offsets of column {column} run past its bytes.");
        }
    }

    /// <summary>The buffers of a batch in their order, each checked against the body before it is given out.</summary>
    private ref struct BufferList(ReadOnlySpan<byte> buffers, ReadOnlySpan<byte> message, int bodyStart)
    {
        private readonly ReadOnlySpan<byte> message = message;
        private ReadOnlySpan<byte> rest = buffers;
        private long used;

        public (int Offset, int Length) Next(int column)
        {
            var offset = BinaryPrimitives.ReadInt64LittleEndian(rest);
            var length = BinaryPrimitives.ReadInt64LittleEndian(rest[8..]);
            rest = rest[ArrowFormat.PairLength..];
            if (length == 0)
            {
                // Writers differ on where nothing lies.
                return (bodyStart, 0);
            }

            var bodyLength = message.Length - bodyStart;
            if (offset < used || offset > bodyLength || length < 0 || length > bodyLength - offset || offset % ArrowFormat.Alignment != 0)
            {
                throw new ArrowFormatException(ArrowFormatCode.BufferOutOfBounds, $"A buffer of column {column} lies outside the body, overlaps another or is not aligned.");
            }

            used = offset + length;
            return (bodyStart + (int)offset, (int)length);
        }

        public readonly ReadOnlySpan<byte> Bytes((int Offset, int Length) place) => message.Slice(place.Offset, place.Length);
    }
}
