using System.Buffers;
using System.Globalization;

namespace Delivery.Protocol.Log;

/// <summary>
/// Writes and reads the restricted canonical JSON of log leaves, a subset of RFC 8785: one value has exactly one
/// form, so hashing the bytes is hashing the value.
/// </summary>
/// <remarks>
/// The restrictions: names and texts are printable ASCII, so the only escapes are <c>\"</c> and <c>\\</c> and sorting
/// by code unit is sorting by byte; numbers are integers below 2^53 in magnitude; no null, no fraction, no exponent,
/// no white space, no repeated name. Danish letters therefore never occur; a leaf holds codes, ids and hashes only.
/// Pure functions; safe from any thread.
/// </remarks>
internal static class CanonicalJson
{
    /// <summary>An entry bundle of c2sp.org/tlog-tiles gives each leaf a 16-bit length.</summary>
    public const int MaxBytes = ushort.MaxValue;

    /// <summary>A leaf needs two levels; the rest is room, and the bound keeps recursion harmless.</summary>
    public const int MaxDepth = 8;

    /// <summary>The largest magnitude an integer may have: 2^53 − 1.</summary>
    public const long MaxInteger = (1L << 53) - 1;

    /// <summary>The one form of <paramref name="value"/>.</summary>
    /// <exception cref="CanonicalJsonException">The value has text, an integer, a depth or a length not allowed.</exception>
    public static byte[] Write(JsonValue value)
    {
        var output = new ArrayBufferWriter<byte>(512);
        Write(value, output, 1);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads bytes that must be their own canonical form.</summary>
    /// <exception cref="CanonicalJsonException">They are not.</exception>
    public static JsonValue Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new CanonicalJsonReader(bytes);
        return reader.ReadDocument();
    }

    private static void Write(JsonValue value, ArrayBufferWriter<byte> output, int depth)
    {
        switch (value)
        {
            case JsonText text:
                WriteText(text.Value, output);
                break;
            case JsonInteger integer:
                WriteInteger(integer.Value, output);
                break;
            case JsonBoolean boolean:
                Append(output, boolean.Value ? "true"u8 : "false"u8);
                break;
            case JsonArray array:
                WriteArray(array, output, depth);
                break;
            case JsonObject members:
                WriteObject(members, output, depth);
                break;
            default:
                throw new ArgumentException("A value of the restricted model was expected.", nameof(value));
        }
    }

    private static void WriteArray(JsonArray array, ArrayBufferWriter<byte> output, int depth)
    {
        CheckDepth(output, depth);
        Append(output, "["u8);
        for (var at = 0; at < array.Items.Count; at++)
        {
            Append(output, at == 0 ? [] : ","u8);
            Write(array.Items[at], output, depth + 1);
        }

        Append(output, "]"u8);
    }

    private static void WriteObject(JsonObject members, ArrayBufferWriter<byte> output, int depth)
    {
        CheckDepth(output, depth);
        Append(output, "{"u8);
        var first = true;
        foreach (var (name, member) in members.Members)
        {
            Append(output, first ? [] : ","u8);
            first = false;
            WriteText(name, output);
            Append(output, ":"u8);
            Write(member, output, depth + 1);
        }

        Append(output, "}"u8);
    }

    private static void WriteText(string text, ArrayBufferWriter<byte> output)
    {
        Append(output, "\""u8);
        foreach (var letter in text)
        {
            if (letter is < ' ' or > '~')
            {
                throw new CanonicalJsonException(CanonicalJsonException.NotPrintableAscii, output.WrittenCount);
            }

            if (letter is '"' or '\\')
            {
                Append(output, "\\"u8);
            }

            Append(output, [(byte)letter]);
        }

        Append(output, "\""u8);
    }

    private static void WriteInteger(long value, ArrayBufferWriter<byte> output)
    {
        if (value is < -MaxInteger or > MaxInteger)
        {
            throw new CanonicalJsonException(CanonicalJsonException.IntegerRange, output.WrittenCount);
        }

        Span<byte> digits = stackalloc byte[20];
        value.TryFormat(digits, out var written, provider: CultureInfo.InvariantCulture);
        Append(output, digits[..written]);
    }

    private static void CheckDepth(ArrayBufferWriter<byte> output, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new CanonicalJsonException(CanonicalJsonException.TooDeep, output.WrittenCount);
        }
    }

    private static void Append(ArrayBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        if (output.WrittenCount + bytes.Length > MaxBytes)
        {
            throw new CanonicalJsonException(CanonicalJsonException.TooLong, output.WrittenCount);
        }

        output.Write(bytes);
    }
}
