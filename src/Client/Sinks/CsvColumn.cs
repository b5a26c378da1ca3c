using System.Text;
using Delivery.Protocol.Arrow;

namespace Delivery.Client.Sinks;

/// <summary>How the cells of one column become text.</summary>
internal sealed class CsvColumn
{
    private CsvColumn(ArrowField field, ColumnFate fate, byte[][] codes)
    {
        (Kind, Fate, Codes, WidthBytes) = (field.Type.Kind, fate, codes, field.Type.ValueWidthBytes);
        Time = Kind is ArrowKind.TimestampSecond or ArrowKind.TimestampMillisecond ? new LocalTimeText(field) : null;
        LengthMax = 1 + fate switch
        {
            ColumnFate.Pseudonymised => Base32.PseudonymLength,
            ColumnFate.ShownAsText => QuotedMax(WidthBytes),
            ColumnFate.Kept or ColumnFate.Widened => Kind switch
            {
                ArrowKind.FixedSizeBinary => 2 * WidthBytes,
                ArrowKind.Dictionary => codes.Length == 0 ? 0 : codes.Max(code => code.Length),
                ArrowKind.Utf8 => 2,
                ArrowKind.Int8 or ArrowKind.Int16 or ArrowKind.Int32 or ArrowKind.Int64 or ArrowKind.Float64
                    or ArrowKind.TimestampSecond or ArrowKind.TimestampMillisecond => 32,
            },
        };
    }

    /// <summary>The type of what is written.</summary>
    public ArrowKind Kind { get; }

    public ColumnFate Fate { get; }

    public int WidthBytes { get; }

    /// <summary>A dictionary's texts, already as CSV writes them.</summary>
    public byte[][] Codes { get; }

    public LocalTimeText? Time { get; }

    /// <summary>Bytes a cell and its separator take at the most; what a text of its own takes comes on top.</summary>
    public int LengthMax { get; }

    public static CsvColumn Of(ArrowField field, ColumnFate fate, ArrowDictionary? dictionary) =>
        new(NarrowColumn.Widen(field), fate, [.. (dictionary?.Values ?? []).Select(text => Quoted(Encoding.UTF8.GetBytes(text)))]);

    /// <summary>What quoting makes of that many bytes at the most.</summary>
    public static int QuotedMax(int lengthBytes) => (2 * lengthBytes) + 2;

    /// <summary>
    /// Writes a text as RFC 4180 has it: in quotation marks where it holds a separator, a mark or a line end, and where it is
    /// empty, to tell it from no value.
    /// </summary>
    public static int WriteQuoted(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        if (!text.IsEmpty && !text.ContainsAny("\",\r\n"u8))
        {
            text.CopyTo(destination);
            return text.Length;
        }

        var at = 0;
        destination[at++] = (byte)'"';
        foreach (var next in text)
        {
            if (next == (byte)'"')
            {
                destination[at++] = next;
            }

            destination[at++] = next;
        }

        destination[at++] = (byte)'"';
        return at;
    }

    private static byte[] Quoted(byte[] text)
    {
        var quoted = new byte[QuotedMax(text.Length)];
        return quoted[..WriteQuoted(text, quoted)];
    }
}
