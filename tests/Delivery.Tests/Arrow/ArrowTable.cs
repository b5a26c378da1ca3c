using System.Collections.Immutable;
using System.Text;
using Delivery.Protocol.Arrow;

namespace Delivery.Tests.Arrow;

/// <summary>Rows as plain objects beside their schema: what is written, and what must be read again. Null is a null.</summary>
internal sealed record ArrowTable(ArrowSchema Schema, ImmutableArray<ArrowDictionary> Dictionaries, object?[][] Columns)
{
    public int RowCount => Columns[0].Length;

    public ColumnShape[] Shapes =>
    [
        .. Columns.Select((values, column) => new ColumnShape(
            values.Count(value => value is null),
            Schema.Fields[column].Type.Kind == ArrowKind.Utf8 ? values.Sum(value => Encoding.UTF8.GetByteCount((string?)value ?? "")) : 0)),
    ];

    /// <summary>The batch as a message, written into a buffer that held something else before.</summary>
    public byte[] Write(byte dirt = 0xA5)
    {
        var writer = new RecordBatchWriter(Schema);
        var bytes = new byte[writer.Plan(RowCount, Shapes)];
        bytes.AsSpan().Fill(dirt);
        var frame = writer.Begin(bytes);
        for (var column = 0; column < Columns.Length; column++)
        {
            Fill(frame, column);
        }

        frame.Complete();
        return bytes;
    }

    /// <summary>Reads a batch of any schema into objects of the same kinds as are written.</summary>
    public static object?[][] Read(RecordBatch batch) =>
        [.. Enumerable.Range(0, batch.Schema.Fields.Length).Select(column => ReadColumn(batch, column))];

    public static object? ReadValue(RecordBatch batch, int column, int row) => batch.Schema.Fields[column].Type.Kind switch
    {
        ArrowKind.Int8 => batch.Int8(column)[row],
        ArrowKind.Int16 => batch.Int16(column)[row],
        ArrowKind.Int32 => batch.Int32(column)[row],
        ArrowKind.Int64 => batch.Int64(column)[row],
        ArrowKind.Float64 => batch.Float64(column)[row],
        ArrowKind.TimestampSecond => batch.TimestampSecond(column)[row],
        ArrowKind.TimestampMillisecond => batch.TimestampMillisecond(column)[row],
        ArrowKind.FixedSizeBinary => Convert.ToHexStringLower(
            batch.FixedSizeBinary(column).Slice(row * batch.Schema.Fields[column].Type.ValueWidthBytes, batch.Schema.Fields[column].Type.ValueWidthBytes)),
        ArrowKind.Utf8 => batch.Utf8(column, row),
        ArrowKind.Dictionary => batch.DictionaryIndexes(column)[row],
    };

    private static object?[] ReadColumn(RecordBatch batch, int column) =>
        [.. Enumerable.Range(0, batch.RowCount).Select(row => batch.IsValid(column, row) ? ReadValue(batch, column, row) : null)];

    private void Fill(RecordBatchFrame frame, int column)
    {
        var validity = frame.Validity(column);
        validity.Clear();
        for (var row = 0; row < RowCount; row++)
        {
            if (!validity.IsEmpty && Columns[column][row] is not null)
            {
                ValidityBitmap.Set(validity, row);
            }
        }

        if (Schema.Fields[column].Type.Kind == ArrowKind.Utf8)
        {
            FillText(frame, column);
            return;
        }

        for (var row = 0; row < RowCount; row++)
        {
            FillValue(frame, column, row);
        }
    }

    private void FillText(RecordBatchFrame frame, int column)
    {
        var end = 0;
        frame.Values<int>(column)[0] = 0;
        for (var row = 0; row < RowCount; row++)
        {
            end += Encoding.UTF8.GetBytes((string?)Columns[column][row] ?? "", frame.Data(column)[end..]);
            frame.Values<int>(column)[row + 1] = end;
        }
    }

    /// <summary>Null rows keep whatever the buffer held.</summary>
    private void FillValue(RecordBatchFrame frame, int column, int row)
    {
        switch (Columns[column][row])
        {
            case null:
                break;
            case sbyte value:
                frame.Values<sbyte>(column)[row] = value;
                break;
            case short value:
                frame.Values<short>(column)[row] = value;
                break;
            case int value:
                frame.Values<int>(column)[row] = value;
                break;
            case long value:
                frame.Values<long>(column)[row] = value;
                break;
            case double value:
                frame.Values<double>(column)[row] = value;
                break;
            case string hex:
                Convert.FromHexString(hex).CopyTo(frame.Values(column)[(row * hex.Length / 2)..]);
                break;
            case var other:
                throw new InvalidOperationException($"No column holds {other.GetType()}.");
        }
    }
}
