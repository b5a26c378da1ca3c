using System.Runtime.InteropServices;
using Delivery.Protocol.Arrow;

namespace Delivery.Client.Extracts;

/// <summary>
/// One opened batch, before pseudonymisation: <b>it holds CPR numbers in the clear</b> when the approval names them. Valid
/// until the next batch is asked for; then its memory is wiped. Columns are counted as in <see cref="ExtractInfo.Columns"/>.
/// </summary>
public sealed class ExtractBatch
{
    private readonly ExtractSchemaBytes _schema;

    // Columns that came narrow, widened when first asked for and wiped with the batch.
    private readonly PooledBytes?[] _widened;
    private RecordBatch? _content;

    internal ExtractBatch(ExtractBookmark bookmark, RecordBatch content, ExtractSchemaBytes schema)
    {
        (Bookmark, _content, _schema) = (bookmark, content, schema);
        _widened = new PooledBytes?[schema.Wide.Fields.Length];
    }

    /// <summary>The place right after it. Keep it once the batch is safe, and reading can go on from here.</summary>
    public ExtractBookmark Bookmark { get; }

    /// <summary>Its place in the extract, from 0.</summary>
    public long Index => Bookmark.NextBatch - 1;

    /// <summary>Its rows.</summary>
    public int RowCount => Content.RowCount;

    internal RecordBatch Content => _content ?? throw new ObjectDisposedException(nameof(ExtractBatch));

    /// <summary>Whether a row has a value in a column.</summary>
    public bool HasValue(int column, int row) => Content.IsValid(column, row);

    /// <summary>How many rows lack a value.</summary>
    public int NullCount(int column) => Content.NullCount(column);

    /// <summary>
    /// All rows of a column where they lie in memory, without a copy; a column that came narrow is widened once. Rows without a value are zero;
    /// ask <see cref="HasValue"/>.
    /// </summary>
    /// <typeparam name="T">
    /// <see cref="ExtractColumn.ElementType"/>: sbyte, short, int or long for whole numbers, long for points in time (in the unit of the
    /// column, since 1970 UTC), double for reals.
    /// </typeparam>
    /// <exception cref="InvalidOperationException">The column holds another type.</exception>
    public ReadOnlySpan<T> Values<T>(int column)
        where T : unmanaged => ExtractColumn.ElementTypeOf(KindOf(column)) == typeof(T)
            ? MemoryMarshal.Cast<byte, T>(Wide(column))
            : throw Mistaken(column);

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
    public ReadOnlySpan<double> Reals(int column) => Values<double>(column);

    /// <summary>A point in time.</summary>
    public DateTimeOffset Instant(int column, int row) => KindOf(column) switch
    {
        ArrowKind.TimestampSecond => DateTimeOffset.FromUnixTimeSeconds(Values<long>(column)[row]),
        ArrowKind.TimestampMillisecond => DateTimeOffset.FromUnixTimeMilliseconds(Values<long>(column)[row]),
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
    internal void Expire()
    {
        _content = null;
        foreach (var widened in _widened)
        {
            widened?.Dispose();
        }
    }

    private ReadOnlySpan<byte> Wide(int column)
    {
        var values = Content.Column(column).Values;
        var (from, to) = (Content.Schema.Fields[column].Type, _schema.Wide.Fields[column].Type);
        if (from == to)
        {
            return values;
        }

        if (_widened[column] is null)
        {
            var widened = new PooledBytes(RowCount * to.ValueWidthBytes);
            _widened[column] = widened;
            NarrowColumn.Widen(values, from.ValueWidthBytes, to.Kind, widened.Span);
        }

        return _widened[column]!.Span;
    }

    private ArrowKind KindOf(int column) => _schema.Wide.Fields[column].Type.Kind;

    private InvalidOperationException Mistaken(int column) => new($"Column {column} does not hold that kind of value.");
}
