using System.Buffers;
using System.Globalization;
using System.Text;
using Delivery.Protocol.Arrow;
using Delivery.Server.Refusals;

namespace Delivery.Server.Intake;

/// <summary>
/// Writes rows of record batches as lines of CSV: UTF-8, comma, the columns in the order of <see cref="ResultsColumns.Names"/>. A null is an empty
/// field. A number is written so that reading it gives the same number. One thread.
/// </summary>
internal sealed class ArrowRows
{
    private const string Zone = "Europe/Copenhagen";

    // No field spans lines, so a text with a line end cannot be written as it is. SUB is what ASCII has in place of a wrong character; no column
    // takes it, just as none takes a line end.
    private const byte Substitute = 0x1A;

    private static readonly SearchValues<byte> Special = SearchValues.Create("\",\r\n"u8);

    private readonly ArrowStreamReader _reader;
    private readonly ResultsHeader _header;

    // The values of dictionary columns as bytes, once they are asked for. A dictionary never changes.
    private readonly byte[]?[]?[] _texts;

    /// <exception cref="RefusedException">A column is unknown, left out or of a type it cannot have.</exception>
    public ArrowRows(ArrowStreamReader reader)
    {
        _reader = reader;
        _header = ResultsHeader.Of([.. reader.Schema.Fields.Select(field => field.Name)]);
        _texts = new byte[]?[]?[reader.Schema.Fields.Length];
        for (var column = 0; column < ResultsColumns.Names.Length; column++)
        {
            if (!Fits((ResultsColumn)column, reader.Schema.Fields[_header[(ResultsColumn)column]].Type))
            {
                throw RefusedException.By("E_ARROW_TYPE", ResultsColumns.Names[column]);
            }
        }
    }

    /// <summary>Writes a row without line end. Returns its bytes, or -1 if there is not room enough.</summary>
    public int Write(RecordBatch batch, int row, Span<byte> line)
    {
        var length = 0;
        for (var column = 0; column < ResultsColumns.Names.Length; column++)
        {
            if (column > 0)
            {
                if (length == line.Length)
                {
                    return -1;
                }

                line[length++] = (byte)',';
            }

            var field = _header[(ResultsColumn)column];
            if (batch.IsValid(field, row))
            {
                if (!TryWrite(batch, field, row, line[length..], out var written))
                {
                    return -1;
                }

                length += written;
            }
        }

        return length;
    }

    // Text in any column, in the form CSV has it; otherwise the type the values have.
    private static bool Fits(ResultsColumn column, ArrowType type) => type.Kind switch
    {
        ArrowKind.Utf8 or ArrowKind.Dictionary => true,
        ArrowKind.Int8 or ArrowKind.Int16 or ArrowKind.Int32 or ArrowKind.Int64 =>
            column is ResultsColumn.Grade or ResultsColumn.Points0To50 or ResultsColumn.CriterionLevel,
        ArrowKind.Float64 => column >= ResultsColumn.OriginalAbilityLogit && column is not (ResultsColumn.Points0To50 or ResultsColumn.CriterionLevel),
        ArrowKind.TimestampSecond or ArrowKind.TimestampMillisecond => column == ResultsColumn.TestedAt && type.TimeZone is null or "" or Zone,
        ArrowKind.FixedSizeBinary => false,
    };

    private bool TryWrite(RecordBatch batch, int field, int row, Span<byte> room, out int written) => batch.Schema.Fields[field].Type switch
    {
        { Kind: ArrowKind.Int8 } => TryWrite(batch.Int8(field)[row], room, out written),
        { Kind: ArrowKind.Int16 } => TryWrite(batch.Int16(field)[row], room, out written),
        { Kind: ArrowKind.Int32 } => TryWrite(batch.Int32(field)[row], room, out written),
        { Kind: ArrowKind.Int64 } => TryWrite(batch.Int64(field)[row], room, out written),
        { Kind: ArrowKind.Float64 } => TryWrite(batch.Float64(field)[row], room, out written),
        { Kind: ArrowKind.TimestampSecond } type => TryWriteTime(batch.TimestampSecond(field)[row], 1, type.TimeZone, room, out written),
        { Kind: ArrowKind.TimestampMillisecond } type => TryWriteTime(batch.TimestampMillisecond(field)[row], 1000, type.TimeZone, room, out written),
        { Kind: ArrowKind.Dictionary } => TryWriteText(Text(field, batch.DictionaryIndexes(field)[row]), room, out written),
        _ => TryWriteText(batch.Utf8Bytes(field, row), room, out written),
    };

    private static bool TryWrite<T>(T number, Span<byte> room, out int written)
        where T : IUtf8SpanFormattable => number.TryFormat(room, out written, default, CultureInfo.InvariantCulture);

    /// <summary>
    /// Writes a time as Danish local time. With a zone the number counts from 1970-01-01 UTC; without one it is what the clock on the wall showed. What is
    /// no whole second, or no time of these ten thousand years, stays a number, which is no time to whoever judges the row.
    /// </summary>
    private static bool TryWriteTime(long time, int perSecond, string? zone, Span<byte> room, out int written)
    {
        var (seconds, rest) = Math.DivRem(time, perSecond);
        if (rest != 0 || !CopenhagenTime.IsInRange(seconds))
        {
            return TryWrite(time, room, out written);
        }

        var local = string.IsNullOrEmpty(zone) ? DateTime.UnixEpoch.AddTicks(seconds * TimeSpan.TicksPerSecond) : CopenhagenTime.Local(seconds);
        return local.TryFormat(room, out written, "s", CultureInfo.InvariantCulture);
    }

    private static bool TryWriteText(ReadOnlySpan<byte> text, Span<byte> room, out int written)
    {
        written = text.Length;
        if (!text.ContainsAny(Special))
        {
            return text.TryCopyTo(room);
        }

        written = text.Length + text.Count((byte)'"') + 2;
        if (written > room.Length)
        {
            return false;
        }

        var at = 0;
        room[at++] = (byte)'"';
        foreach (var letter in text)
        {
            room[at++] = letter is (byte)'\r' or (byte)'\n' ? Substitute : letter;
            if (letter == '"')
            {
                room[at++] = letter;
            }
        }

        room[at] = (byte)'"';
        return true;
    }

    private byte[] Text(int field, sbyte index)
    {
        var texts = _texts[field] ??= new byte[]?[ArrowType.DictionaryValuesMax];
        return texts[index] ??= Encoding.UTF8.GetBytes(_reader.Dictionary(field)[index]);
    }
}
