using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using Delivery.Protocol.Arrow;
using Delivery.Server.Refusals;

namespace Delivery.Server.Intake;

/// <summary>
/// Writes the rows of an Arrow file that arrives as lines, in blocks. Holds one record batch and one block, whatever the file's size: between its
/// magic and its footer a file is a stream, and is read as one. One thread.
/// </summary>
internal sealed class ArrowBlocks(IncomingFile file, FileForm form) : IRowBlocks
{
    /// <summary>
    /// Longest row as a line. Three times what a row can need; beyond it, texts shared by a dictionary would let a small file become endless lines.
    /// </summary>
    private const int RowBytesMax = 1024;

    // As many rows as a block of a CSV file has.
    private const int BlockBytes = 1 << 20;

    // Some 400,000 rows a batch. Writers choose far smaller batches, unless they put a whole table into one.
    private static readonly ArrowStreamLimits Limits = new() { BodyLengthMax = 64 << 20 };

    private ArrowStreamReader? _reader;
    private ArrowRows? _rows;
    private RecordBatch? _batch;
    private int _nextInBatch;
    private long _written;
    private bool _isEnded;

    public CsvFormat Format { get; } = new(CsvText.Utf8, (byte)',', RowBytesMax);

    public ResultsHeader Header(TextBlock first) => ResultsHeader.Of(ResultsColumns.Names);

    public async ValueTask<TextBlock?> NextAsync(CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            var firstRow = _written + 1;
            var length = await FillAsync(buffer.AsMemory(0, BlockBytes), cancellation);
            if (length > 0)
            {
                return new TextBlock(buffer, 0, length, firstRow);
            }
        }
        catch (ArrowFormatException wrong)
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
            throw RefusedException.By("E_ARROW_FORMAT", wrong.Message);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
            throw;
        }

        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        return null;
    }

    public void Dispose() => _reader?.Wipe();

    // Bytes written; 0 at the end.
    private async ValueTask<int> FillAsync(Memory<byte> block, CancellationToken cancellation)
    {
        if (_rows is null)
        {
            _reader = await ArrowStreamReader.OpenAsync(file, Limits, cancellation);
            _rows = new ArrowRows(_reader);
        }

        var length = 0;
        while (!_isEnded && block.Length - length > RowBytesMax)
        {
            if (_batch is null || _nextInBatch == _batch.RowCount)
            {
                (_batch, _nextInBatch) = (await _reader!.ReadBatchAsync(cancellation), 0);
                if (_batch is null)
                {
                    await CheckEndAsync(cancellation);
                    _isEnded = true;
                }

                continue;
            }

            length += WriteRows(_batch, block.Span[length..]);
        }

        return length;
    }

    private int WriteRows(RecordBatch batch, Span<byte> block)
    {
        var length = 0;
        for (; _nextInBatch < batch.RowCount && block.Length - length > RowBytesMax; _nextInBatch++)
        {
            _written++;
            var row = _rows!.Write(batch, _nextInBatch, block.Slice(length, RowBytesMax));
            if (row < 0)
            {
                throw RefusedException.By("E_CSV_LINE_TOO_LONG", string.Create(CultureInfo.InvariantCulture, $"row {_written}"));
            }

            length += row;
            block[length++] = (byte)'\n';
        }

        return length;
    }

    // Reads to the very end, where the upload's length and digest are checked. The footer repeats where the messages lie, which whoever reads
    // forwards has seen; that it is there says that the file was finished.
    private async ValueTask CheckEndAsync(CancellationToken cancellation)
    {
        var rest = new byte[4096];
        var (length, tail) = (0L, new byte[ArrowFileFooter.TailLength]);
        for (int count; (count = await file.ReadAsync(rest, cancellation)) > 0; length += count)
        {
            if (form == FileForm.ArrowStream)
            {
                throw new ArrowFormatException(ArrowFormatCode.TrailingBytes, "There are bytes after the stream.");
            }

            var kept = Math.Max(0, tail.Length - count);
            tail.AsSpan(tail.Length - kept).CopyTo(tail);
            rest.AsSpan(Math.Max(0, count - tail.Length), tail.Length - kept).CopyTo(tail.AsSpan(kept));
        }

        if (form == FileForm.ArrowFile && !IsFooterEnd(tail, length))
        {
            throw new ArrowFormatException(ArrowFormatCode.BadFraming, "A file does not end with its footer and magic.");
        }
    }

    private static bool IsFooterEnd(ReadOnlySpan<byte> tail, long length) =>
        tail.EndsWith(ArrowFormat.FileEnd) && BinaryPrimitives.ReadInt32LittleEndian(tail) is > 0 and var footer && footer <= length - tail.Length;
}
