using Delivery.Protocol.Arrow;

namespace Delivery.Client.Extracts;

/// <summary>
/// One opened batch, before pseudonymisation: <b>it holds CPR numbers in the clear</b> when the approval names them. Valid
/// until the next batch is asked for; then its memory is wiped. Columns are counted as in <see cref="ExtractInfo.Columns"/>.
/// </summary>
public sealed class ExtractBatch
{
    private readonly ExtractSchemaBytes _schema;
    private RecordBatch? _content;

    internal ExtractBatch(long index, RecordBatch content, ExtractSchemaBytes schema) => (Index, _content, _schema) = (index, content, schema);

    /// <summary>Its place in the extract, from 0.</summary>
    public long Index { get; }

    /// <summary>Its rows.</summary>
    public int RowCount => Content.RowCount;

    internal RecordBatch Content => _content ?? throw new ObjectDisposedException(nameof(ExtractBatch));

    /// <summary>Whether a row has a value in a column.</summary>
    public bool HasValue(int column, int row) => Content.IsValid(column, row);

    /// <summary>A whole number.</summary>
    public long Whole(int column, int row) => KindOf(column) switch
    {
        ArrowKind.Int8 => Content.Int8(column)[row],
        ArrowKind.Int16 => Content.Int16(column)[row],
        ArrowKind.Int32 => Content.Int32(column)[row],
        ArrowKind.Int64 => Content.Int64(column)[row],
        _ => throw Mistaken(column),
    };

    /// <summary>All rows of a column of doubles; those without a value are zero.</summary>
    public ReadOnlySpan<double> Reals(int column) => Content.Float64(column);

    /// <summary>A point in time.</summary>
    public DateTimeOffset Instant(int column, int row) => KindOf(column) switch
    {
        ArrowKind.TimestampSecond => DateTimeOffset.FromUnixTimeSeconds(Content.TimestampSecond(column)[row]),
        ArrowKind.TimestampMillisecond => DateTimeOffset.FromUnixTimeMilliseconds(Content.TimestampMillisecond(column)[row]),
        _ => throw Mistaken(column),
    };

    /// <summary>All rows one after the other, each <see cref="ExtractColumn.WidthBytes"/> long.</summary>
    public ReadOnlySpan<byte> FixedBytes(int column) => Content.FixedSizeBinary(column);

    /// <summary>A text, or the text of a code.</summary>
    public string Text(int column, int row) => KindOf(column) switch
    {
        ArrowKind.Utf8 => Content.Utf8(column, row),
        ArrowKind.Dictionary => _schema.Dictionary(column)[Content.DictionaryIndexes(column)[row]],
        _ => throw Mistaken(column),
    };

    /// <summary>Its memory belongs to someone else from now on.</summary>
    internal void Expire() => _content = null;

    private ArrowKind KindOf(int column) => Content.Schema.Fields[column].Type.Kind;

    private InvalidOperationException Mistaken(int column) => new($"Column {column} does not hold that kind of value.");
}
