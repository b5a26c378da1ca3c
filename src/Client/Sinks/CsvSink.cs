using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Delivery.Client.Extracts;
using Delivery.Client.Pseudonyms;
using Delivery.Protocol.Arrow;

namespace Delivery.Client.Sinks;

/// <summary>
/// CSV after RFC 4180: UTF-8 without byte order mark, commas, CRLF, a header line. Pseudonyms are lower-case base32, times
/// Danish wall-clock time, doubles the shortest text that reads back as the same double; no value is an empty field.
/// </summary>
internal sealed class CsvSink : IResultSink, IDisposable
{
    private const int BufferSizeBytes = 1 << 20;

    private readonly OutputSchema _schema;
    private readonly CsvColumn[] _columns;
    private readonly IPseudonymiser? _pseudonymiser;
    private readonly Stream _output;
    private readonly int _rowLengthMax;

    // Owned by the writing thread; grows for a row whose texts alone exceed it.
    private PooledBytes _buffer = new(BufferSizeBytes);

    public CsvSink(OutputSchema schema, ImmutableArray<ArrowDictionary> dictionaries, ArrowSchema extract, IPseudonymiser? pseudonymiser, Stream output)
    {
        (_schema, _pseudonymiser, _output) = (schema, pseudonymiser, output);
        _columns = [.. extract.Fields.Select((field, column) => CsvColumn.Of(
            field,
            schema.Fates[column],
            field.Type.Kind == ArrowKind.Dictionary ? dictionaries.First(dictionary => dictionary.Id == field.Type.DictionaryId) : null))];
        _rowLengthMax = _columns.Sum(column => column.LengthMax) + 2;
    }

    public ValueTask BeginAsync(CancellationToken cancellation)
    {
        var header = string.Join(',', _schema.Arrow.Fields.Select(field => field.Name)) + "\r\n";
        return _output.WriteAsync(Encoding.UTF8.GetBytes(header), cancellation);
    }

    public ValueTask ResumeAsync(Stream written, CancellationToken cancellation) => ValueTask.CompletedTask;

    public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellation)
    {
        using var pseudonyms = Pseudonyms(batch);
        for (var row = 0; row < batch.RowCount;)
        {
            row = WriteRows(batch, pseudonyms.Span, row, out var length);
            await _output.WriteAsync(_buffer.Memory[..length], cancellation);
        }
    }

    public ValueTask CompleteAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public void Dispose() => _buffer.Dispose();

    private PooledBytes Pseudonyms(RecordBatch batch)
    {
        var column = _schema.PseudonymisedColumn;
        var pseudonyms = new PooledBytes(column < 0 ? 0 : batch.RowCount * AesPseudonymiser.PseudonymSize);
        try
        {
            if (column >= 0)
            {
                _pseudonymiser!.Pseudonymise(batch.FixedSizeBinary(column), pseudonyms.Span);
            }

            return pseudonyms;
        }
        catch
        {
            pseudonyms.Dispose();
            throw;
        }
    }

    /// <summary>Fills the buffer with whole rows from <paramref name="row"/> on; returns the first that found no room.</summary>
    private int WriteRows(RecordBatch batch, ReadOnlySpan<byte> pseudonyms, int row, out int length)
    {
        length = 0;
        for (; row < batch.RowCount; row++)
        {
            var needed = _rowLengthMax + TextLengthMax(batch, row);
            if (needed > _buffer.Length - length)
            {
                if (length > 0)
                {
                    return row;
                }

                _buffer.Dispose();
                _buffer = new PooledBytes(needed);
            }

            length += WriteRow(batch, pseudonyms, row, _buffer.Span[length..]);
        }

        return row;
    }

    private int TextLengthMax(RecordBatch batch, int row)
    {
        var length = 0;
        for (var column = 0; column < _columns.Length; column++)
        {
            length += _columns[column].Kind == ArrowKind.Utf8 ? 2 * batch.Utf8Bytes(column, row).Length : 0;
        }

        return length;
    }

    private int WriteRow(RecordBatch batch, ReadOnlySpan<byte> pseudonyms, int row, Span<byte> destination)
    {
        var at = 0;
        for (var column = 0; column < _columns.Length; column++)
        {
            if (column > 0)
            {
                destination[at++] = (byte)',';
            }

            if (batch.IsValid(column, row))
            {
                at += _columns[column].Fate == ColumnFate.Pseudonymised
                    ? Base32.Encode(pseudonyms.Slice(row * AesPseudonymiser.PseudonymSize, AesPseudonymiser.PseudonymSize), destination[at..])
                    : WriteCell(batch, column, row, destination[at..]);
            }
        }

        destination[at++] = (byte)'\r';
        destination[at++] = (byte)'\n';
        return at;
    }

    private int WriteCell(RecordBatch batch, int column, int row, Span<byte> destination)
    {
        var form = _columns[column];
        switch (form.Kind)
        {
            case ArrowKind.Int8:
                return WriteWhole(batch.Int8(column)[row], destination);
            case ArrowKind.Int16:
                return WriteWhole(batch.Int16(column)[row], destination);
            case ArrowKind.Int32:
                return WriteWhole(batch.Int32(column)[row], destination);
            case ArrowKind.Int64:
                return WriteWhole(batch.Int64(column)[row], destination);
            case ArrowKind.Float64:
                NarrowColumn.Real(batch, column, row).TryFormat(destination, out var written, default, CultureInfo.InvariantCulture);
                return written;
            case ArrowKind.TimestampSecond:
                form.Time!.Write(NarrowColumn.Seconds(batch, column, row), destination);
                return LocalTimeText.Length;
            case ArrowKind.TimestampMillisecond:
                form.Time!.Write(batch.TimestampMillisecond(column)[row], destination);
                return LocalTimeText.Length;
            case ArrowKind.FixedSizeBinary:
                var bytes = batch.FixedSizeBinary(column).Slice(row * form.WidthBytes, form.WidthBytes);
                return form.Fate == ColumnFate.ShownAsText ? CsvColumn.WriteQuoted(bytes, destination) : WriteHex(bytes, destination);
            case ArrowKind.Dictionary:
                var code = form.Codes[batch.DictionaryIndexes(column)[row]];
                code.CopyTo(destination);
                return code.Length;
            case ArrowKind.Utf8:
                return CsvColumn.WriteQuoted(batch.Utf8Bytes(column, row), destination);
            default:
                throw new InvalidOperationException("A column type without a text.");
        }
    }

    private static int WriteWhole(long value, Span<byte> destination)
    {
        Utf8Formatter.TryFormat(value, destination, out var written);
        return written;
    }

    private static int WriteHex(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        Convert.TryToHexStringLower(bytes, destination, out var written);
        return written;
    }
}
