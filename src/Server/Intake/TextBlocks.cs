using System.Buffers;
using System.Globalization;
using Delivery.Server.Refusals;

namespace Delivery.Server.Intake;

/// <summary>
/// Cuts a CSV file that arrives into blocks of whole lines, which can be read apart from each other. Holds one block and the beginning of a line,
/// whatever the file's size. One thread.
/// </summary>
/// <param name="read">Fills what it is given with the next bytes; 0 at the end.</param>
/// <param name="format">How the file is written.</param>
internal sealed class TextBlocks(Func<Memory<byte>, CancellationToken, ValueTask<int>> read, CsvFormat format) : IRowBlocks
{
    // Some eight thousand rows: large beside what handing a block over costs, small beside the caches.
    private const int BlockBytes = 1 << 20;

    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    // The beginning of the line that the last block ended in.
    private readonly byte[] _begun = ArrayPool<byte>.Shared.Rent(format.LineBytesMax + 2);
    private int _begunBytes;
    private long _lines;
    private bool _isEnded;

    public CsvFormat Format => format;

    public ResultsHeader Header(TextBlock first) => ResultsHeader.Read(first.Text, format);

    /// <summary>The next block, whose first line is the header if <see cref="TextBlock.FirstRow"/> is 0; null at the end.</summary>
    /// <exception cref="RefusedException">A line is longer than allowed.</exception>
    public async ValueTask<TextBlock?> NextAsync(CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BlockBytes + format.LineBytesMax);
        try
        {
            var filled = await FillAsync(buffer, cancellation);
            var start = _lines == 0 && format.Text == CsvText.Utf8 && buffer.AsSpan(0, filled).StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
            var length = _isEnded ? filled : buffer.AsSpan(0, filled).LastIndexOf((byte)'\n') + 1;
            _begunBytes = filled - length;
            var block = new TextBlock(buffer, start, Math.Max(0, length - start), _lines);
            _lines += block.Text.Count((byte)'\n');

            // One byte more, for a carriage return whose line feed is still to come.
            if (_begunBytes > format.LineBytesMax + 1)
            {
                throw RefusedException.By("E_CSV_LINE_TOO_LONG", string.Create(CultureInfo.InvariantCulture, $"row {_lines}"));
            }

            buffer.AsSpan(length, _begunBytes).CopyTo(_begun);
            if (!block.Text.IsEmpty)
            {
                return block;
            }

            block.Dispose();
            return null;
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
            throw;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_begun, clearArray: true);

    private async ValueTask<int> FillAsync(byte[] buffer, CancellationToken cancellation)
    {
        _begun.AsSpan(0, _begunBytes).CopyTo(buffer);
        var filled = _begunBytes;
        while (filled < BlockBytes + format.LineBytesMax)
        {
            var count = await read(buffer.AsMemory(filled, BlockBytes + format.LineBytesMax - filled), cancellation);
            filled += count;
            if (count == 0)
            {
                _isEnded = true;
                break;
            }
        }

        return filled;
    }
}
