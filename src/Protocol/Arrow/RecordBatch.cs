using System.Runtime.InteropServices;

namespace Delivery.Protocol.Arrow;

/// <summary>
/// A record batch as it lies in memory. The accessors give spans over the message itself, so a batch is valid only as long
/// as the memory it was read from; it may be shared between threads that only read.
/// </summary>
/// <remarks>
/// Every buffer has been checked against the body and the row count, string offsets ascend and null counts agree with the
/// bitmaps, so a row in range never reads outside the message. Asking for another type than the column's, or for a row
/// outside the batch, is the caller's mistake. Values need a little-endian machine.
/// </remarks>
internal sealed class RecordBatch
{
    private readonly ReadOnlyMemory<byte> message;
    private readonly RecordBatchColumn[] columns;

    internal RecordBatch(ArrowSchema schema, int rowCount, ReadOnlyMemory<byte> message, RecordBatchColumn[] columns)
    {
        Schema = schema;
        RowCount = rowCount;
        this.message = message;
        this.columns = columns;
    }

    public ArrowSchema Schema { get; }

    public int RowCount { get; }

    public int NullCount(int column) => columns[column].NullCount;

    /// <summary>The bitmap of rows with a value; empty when every row has one.</summary>
    public ReadOnlySpan<byte> Validity(int column) => Slice(columns[column].Validity);

    public bool IsValid(int column, int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)RowCount);
        return columns[column].NullCount == 0 || ValidityBitmap.IsSet(Validity(column), row);
    }

    public ReadOnlySpan<sbyte> Int8(int column) => Values<sbyte>(column, ArrowKind.Int8);

    public ReadOnlySpan<short> Int16(int column) => Values<short>(column, ArrowKind.Int16);

    public ReadOnlySpan<int> Int32(int column) => Values<int>(column, ArrowKind.Int32);

    public ReadOnlySpan<long> Int64(int column) => Values<long>(column, ArrowKind.Int64);

    public ReadOnlySpan<double> Float64(int column) => Values<double>(column, ArrowKind.Float64);

    /// <summary>Seconds since 1970-01-01.</summary>
    public ReadOnlySpan<long> TimestampSecond(int column) => Values<long>(column, ArrowKind.TimestampSecond);

    /// <summary>Milliseconds since 1970-01-01.</summary>
    public ReadOnlySpan<long> TimestampMillisecond(int column) => Values<long>(column, ArrowKind.TimestampMillisecond);

    /// <summary>All rows one after the other, each of the type's width.</summary>
    public ReadOnlySpan<byte> FixedSizeBinary(int column) => Values<byte>(column, ArrowKind.FixedSizeBinary);

    /// <summary>Positions in a dictionary; those of null rows mean nothing.</summary>
    public ReadOnlySpan<sbyte> DictionaryIndexes(int column) => Values<sbyte>(column, ArrowKind.Dictionary);

    /// <summary>Where each string starts, and one more where the last ends; counted in <see cref="Utf8Data"/>. Empty in a batch without rows.</summary>
    public ReadOnlySpan<int> Utf8Offsets(int column) => Values<int>(column, ArrowKind.Utf8);

    public ReadOnlySpan<byte> Utf8Data(int column)
    {
        Expect(column, ArrowKind.Utf8);
        return Slice(columns[column].Data);
    }

    /// <summary>The bytes of one string, which a hostile writer may have made something else than UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8Bytes(int column, int row)
    {
        var offsets = Utf8Offsets(column);
        return Utf8Data(column)[offsets[row]..offsets[row + 1]];
    }

    /// <exception cref="ArrowFormatException">The bytes are not UTF-8.</exception>
    public string Utf8(int column, int row) => FlatBufferTable.Decode(Utf8Bytes(column, row));

    /// <summary>The buffers of a column of any type, as a <see cref="RecordBatchFrame"/> takes them.</summary>
    public ColumnSpans Column(int column)
    {
        var place = columns[column];
        var values = Slice(place.Values);
        var data = Slice(place.Data);
        if (Schema.Fields[column].Type.Kind == ArrowKind.Utf8)
        {
            // Other writers may leave bytes that no row refers to before the first string and after the last.
            var offsets = MemoryMarshal.Cast<byte, int>(values);
            data = offsets.IsEmpty ? default : data[offsets[0]..offsets[^1]];
        }

        return new(place.NullCount, Slice(place.Validity), values, data);
    }

    private ReadOnlySpan<T> Values<T>(int column, ArrowKind kind)
        where T : unmanaged
    {
        Expect(column, kind);
        return MemoryMarshal.Cast<byte, T>(Slice(columns[column].Values));
    }

    private void Expect(int column, ArrowKind kind)
    {
        if (Schema.Fields[column].Type.Kind != kind)
        {
            throw new InvalidOperationException($"Column {column} is {Schema.Fields[column].Type.Kind}, not {kind}.");
        }
    }

    private ReadOnlySpan<byte> Slice((int Offset, int Length) place) => message.Span.Slice(place.Offset, place.Length);
}

/// <summary>Where a column's buffers lie, counted from the start of the message and cut to what the rows need.</summary>
internal readonly record struct RecordBatchColumn(
    int NullCount,
    (int Offset, int Length) Validity,
    (int Offset, int Length) Values,
    (int Offset, int Length) Data);
