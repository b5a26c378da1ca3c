using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Delivery.Server.Intake;

/// <summary>What is wrong with a line as a line.</summary>
internal enum LineFault
{
    None = 0,

    /// <summary>A quotation mark stands where RFC 4180 allows none, or is not closed on its own line.</summary>
    Quote = 1,

    /// <summary>It has more bytes than allowed.</summary>
    TooLong = 2,
}

/// <summary>
/// Cuts text into lines and lines into fields by RFC 4180, without copying; only a line with quotation marks is copied, to take them out. No field
/// of a results file spans lines, so every line feed ends one: a quotation mark left open cannot swallow the rest of the file.
/// </summary>
/// <remarks>CsvHelper reads the same files; a test holds the two to each other. Bytes, not characters: both encodings have ASCII in common.</remarks>
/// <param name="text">Whole lines.</param>
/// <param name="format">How they are written.</param>
/// <param name="ends">Room for the end of each field.</param>
/// <param name="plain">Room for a line without its quotation marks.</param>
internal ref struct CsvLines(ReadOnlySpan<byte> text, CsvFormat format, Span<int> ends, ArrayBufferWriter<byte> plain)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private readonly Span<int> _ends = ends;
    private ReadOnlySpan<byte> _fields;
    private int _next;

    /// <summary>Where the line begins in the text.</summary>
    public int Start { get; private set; }

    /// <summary>Bytes of the line, its end not counted.</summary>
    public int Length { get; private set; }

    public LineFault Fault { get; private set; }

    /// <summary>Fields of the line, which may be more than there is room for.</summary>
    public int FieldCount { get; private set; }

    /// <summary>A field's bytes, without quotation marks; good until the next line.</summary>
    public readonly ReadOnlySpan<byte> this[int field]
    {
        get
        {
            var from = field == 0 ? 0 : _ends[field - 1] + 1;
            return _fields[from.._ends[field]];
        }
    }

    /// <summary>Moves to the next line; false at the end of the text.</summary>
    public bool MoveNext()
    {
        if (_next >= _text.Length)
        {
            return false;
        }

        var rest = _text[_next..];
        var end = rest.IndexOf((byte)'\n');
        var line = end < 0 ? rest : rest[..end];
        (Start, _next) = (_next, _next + line.Length + 1);
        line = line.EndsWith((byte)'\r') ? line[..^1] : line;
        (Length, Fault, FieldCount) = (line.Length, LineFault.None, 0);
        if (line.Length > format.LineBytesMax)
        {
            Fault = LineFault.TooLong;
        }
        else if (line.Contains((byte)'"'))
        {
            SplitQuoted(line);
        }
        else
        {
            Split(line);
        }

        return true;
    }

    private void Split(ReadOnlySpan<byte> line)
    {
        _fields = line;
        ref var first = ref MemoryMarshal.GetReference(line);
        var delimiter = Vector256.Create(format.Delimiter);
        var at = 0;
        for (; at + Vector256<byte>.Count <= line.Length; at += Vector256<byte>.Count)
        {
            var found = Vector256.Equals(Vector256.LoadUnsafe(ref first, (nuint)at), delimiter).ExtractMostSignificantBits();
            for (; found != 0; found &= found - 1)
            {
                EndField(at + BitOperations.TrailingZeroCount(found));
            }
        }

        for (; at < line.Length; at++)
        {
            if (line[at] == format.Delimiter)
            {
                EndField(at);
            }
        }

        EndField(line.Length);
    }

    private void EndField(int at)
    {
        if (FieldCount < _ends.Length)
        {
            _ends[FieldCount] = at;
        }

        FieldCount++;
    }

    // Writes the fields without their quotation marks, separated as before: what stands between two ends is then a field's own bytes.
    private void SplitQuoted(ReadOnlySpan<byte> line)
    {
        plain.ResetWrittenCount();
        while (true)
        {
            var length = line.StartsWith((byte)'"') ? Unquote(line) : Copy(line);
            if (length < 0)
            {
                Fault = LineFault.Quote;
                return;
            }

            EndField(plain.WrittenCount);
            if (length == line.Length)
            {
                _fields = plain.WrittenSpan;
                return;
            }

            plain.Write([format.Delimiter]);
            line = line[(length + 1)..];
        }
    }

    // Both return the bytes of the field as it stands in the line, or -1.
    private readonly int Copy(ReadOnlySpan<byte> line)
    {
        var length = line.IndexOf(format.Delimiter);
        length = length < 0 ? line.Length : length;
        plain.Write(line[..length]);
        return line[..length].Contains((byte)'"') ? -1 : length;
    }

    private readonly int Unquote(ReadOnlySpan<byte> line)
    {
        for (var at = 1; ;)
        {
            var run = line[at..].IndexOf((byte)'"');
            if (run < 0)
            {
                return -1;
            }

            plain.Write(line.Slice(at, run));
            at += run + 1;
            if (at == line.Length || line[at] == format.Delimiter)
            {
                return at;
            }

            if (line[at] != '"')
            {
                return -1;
            }

            plain.Write("\""u8);
            at++;
        }
    }
}
