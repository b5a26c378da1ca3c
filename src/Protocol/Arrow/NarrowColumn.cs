using System.Numerics;
using System.Runtime.InteropServices;

namespace Delivery.Protocol.Arrow;

/// <summary>
/// Columns of whole numbers that stand for wider values, so that a row takes fewer bytes on its way: ten-thousandths for a double, 32 bits
/// for a time in seconds. The field says what it stands for; the values come back bit for bit, or the column is not narrowed. Holds no state.
/// </summary>
internal static class NarrowColumn
{
    /// <summary>Metadata key of a narrow field: the type it stands for.</summary>
    public const string Key = "stands_for";

    // Results have four decimals. A quotient of two whole numbers is rounded once, so it is the double that the decimals write.
    private const double Scale = 10_000;

    private const string RealName = "float64 / 10000";
    private const string TimeStart = "timestamp[s, ";
    private const string TimeEnd = "]";

    /// <summary>The field with whole numbers of so many bytes in place of its doubles (2 or 4) or of its seconds (4).</summary>
    public static ArrowField Narrow(ArrowField wide, int widthBytes)
    {
        var standsFor = wide.Type.Kind switch
        {
            ArrowKind.Float64 => RealName,
            ArrowKind.TimestampSecond when widthBytes == sizeof(int) => TimeStart + wide.Type.TimeZone + TimeEnd,
            _ => throw new ArgumentException($"A column of {wide.Type.Kind} has no narrow form.", nameof(wide)),
        };
        var type = widthBytes == sizeof(short) ? ArrowType.Int16 : ArrowType.Int32;
        return wide with { Type = type, Metadata = new ArrowMetadata([.. wide.Metadata, new(Key, standsFor)]) };
    }

    /// <summary>The field it stands for; itself if it stands for itself.</summary>
    /// <exception cref="ArrowFormatException">It stands for something this reader does not know.</exception>
    public static ArrowField Widen(ArrowField field) => field.Metadata.Find(Key) is not { } standsFor ? field : field with
    {
        Type = (field.Type.Kind, standsFor) switch
        {
            (ArrowKind.Int16 or ArrowKind.Int32, RealName) => ArrowType.Float64,
            (ArrowKind.Int32, _) when standsFor.StartsWith(TimeStart, StringComparison.Ordinal) && standsFor.EndsWith(TimeEnd, StringComparison.Ordinal) =>
                ArrowType.TimestampSecond(standsFor[TimeStart.Length..^TimeEnd.Length] is { Length: > 0 } zone ? zone : null),
            _ => throw new ArrowFormatException(ArrowFormatCode.UnsupportedFeature, $"Column {field.Name} stands for a type this reader does not know."),
        },
        Metadata = new ArrowMetadata(field.Metadata.Where(pair => pair.Key != Key)),
    };

    /// <summary>Bytes each of these doubles takes as ten-thousandths: 2 or 4, or 8 if one of them would not come back bit for bit.</summary>
    public static int WidthBytes(ReadOnlySpan<double> values)
    {
        var width = sizeof(short);
        foreach (var value in values)
        {
            var whole = Math.Round(value * Scale);
            if (!(Math.Abs(whole) <= int.MaxValue) || BitConverter.DoubleToInt64Bits((int)whole / Scale) != BitConverter.DoubleToInt64Bits(value))
            {
                return sizeof(double);
            }

            width = Math.Abs(whole) <= short.MaxValue ? width : sizeof(int);
        }

        return width;
    }

    /// <summary>Bytes each of these times takes in seconds: 4, or 8 if one lies too far from 1970.</summary>
    public static int WidthBytes(ReadOnlySpan<long> values) =>
        values.ContainsAnyExceptInRange(int.MinValue, int.MaxValue) ? sizeof(long) : sizeof(int);

    /// <summary>Writes doubles as ten-thousandths of so many bytes each, over themselves. Returns where they stand now.</summary>
    public static ReadOnlySpan<byte> NarrowInPlace(Span<double> values, int widthBytes)
    {
        // A narrow value ends before the next wide one begins, so nothing is overwritten before it was read.
        if (widthBytes == sizeof(short))
        {
            var shorts = MemoryMarshal.Cast<double, short>(values);
            for (var row = 0; row < values.Length; row++)
            {
                shorts[row] = (short)Math.Round(values[row] * Scale);
            }
        }
        else
        {
            var ints = MemoryMarshal.Cast<double, int>(values);
            for (var row = 0; row < values.Length; row++)
            {
                ints[row] = (int)Math.Round(values[row] * Scale);
            }
        }

        return MemoryMarshal.AsBytes(values)[..(values.Length * widthBytes)];
    }

    /// <summary>Writes seconds in 32 bits each, over themselves. Returns where they stand now.</summary>
    public static ReadOnlySpan<byte> NarrowInPlace(Span<long> values)
    {
        var ints = MemoryMarshal.Cast<long, int>(values);
        for (var row = 0; row < values.Length; row++)
        {
            ints[row] = (int)values[row];
        }

        return MemoryMarshal.AsBytes(values)[..(values.Length * sizeof(int))];
    }

    /// <summary>Writes narrow values as what they stand for, or as wider whole numbers that stand for the same.</summary>
    /// <param name="narrow">Whole numbers, little-endian.</param>
    /// <param name="narrowWidthBytes">Bytes of each, 2 or 4.</param>
    /// <param name="wide">What to write: doubles, seconds or 32-bit whole numbers.</param>
    /// <param name="destination">As many values.</param>
    public static void Widen(ReadOnlySpan<byte> narrow, int narrowWidthBytes, ArrowKind wide, Span<byte> destination)
    {
        switch (wide, narrowWidthBytes)
        {
            case (ArrowKind.Float64, sizeof(short)):
                Widen(MemoryMarshal.Cast<byte, short>(narrow), MemoryMarshal.Cast<byte, double>(destination));
                break;
            case (ArrowKind.Float64, sizeof(int)):
                Widen(MemoryMarshal.Cast<byte, int>(narrow), MemoryMarshal.Cast<byte, double>(destination));
                break;
            case (ArrowKind.TimestampSecond, sizeof(int)):
                Widen(MemoryMarshal.Cast<byte, int>(narrow), MemoryMarshal.Cast<byte, long>(destination));
                break;
            case (ArrowKind.Int32, sizeof(short)):
                Widen(MemoryMarshal.Cast<byte, short>(narrow), MemoryMarshal.Cast<byte, int>(destination));
                break;
            default:
                throw new ArgumentException($"Whole numbers of {narrowWidthBytes} bytes do not stand for {wide}.", nameof(wide));
        }
    }

    /// <summary>One double of a column of doubles, narrow or not.</summary>
    public static double Real(RecordBatch batch, int column, int row) => batch.Schema.Fields[column].Type.Kind switch
    {
        ArrowKind.Int16 => batch.Int16(column)[row] / Scale,
        ArrowKind.Int32 => batch.Int32(column)[row] / Scale,
        _ => batch.Float64(column)[row],
    };

    /// <summary>One time of a column of times in seconds, narrow or not.</summary>
    public static long Seconds(RecordBatch batch, int column, int row) =>
        batch.Schema.Fields[column].Type.Kind == ArrowKind.Int32 ? batch.Int32(column)[row] : batch.TimestampSecond(column)[row];

    private static void Widen(ReadOnlySpan<short> narrow, Span<double> destination)
    {
        var row = 0;
        for (; row <= narrow.Length - Vector<short>.Count; row += Vector<short>.Count)
        {
            Vector.Widen(new Vector<short>(narrow[row..]), out var low, out var high);
            Divide(low, destination[row..]);
            Divide(high, destination[(row + Vector<int>.Count)..]);
        }

        for (; row < narrow.Length; row++)
        {
            destination[row] = narrow[row] / Scale;
        }
    }

    private static void Widen(ReadOnlySpan<int> narrow, Span<double> destination)
    {
        var row = 0;
        for (; row <= narrow.Length - Vector<int>.Count; row += Vector<int>.Count)
        {
            Divide(new Vector<int>(narrow[row..]), destination[row..]);
        }

        for (; row < narrow.Length; row++)
        {
            destination[row] = narrow[row] / Scale;
        }
    }

    private static void Widen(ReadOnlySpan<int> narrow, Span<long> destination)
    {
        for (var row = 0; row < narrow.Length; row++)
        {
            destination[row] = narrow[row];
        }
    }

    private static void Widen(ReadOnlySpan<short> narrow, Span<int> destination)
    {
        for (var row = 0; row < narrow.Length; row++)
        {
            destination[row] = narrow[row];
        }
    }

    private static void Divide(Vector<int> whole, Span<double> destination)
    {
        Vector.Widen(whole, out var low, out var high);
        (Vector.ConvertToDouble(low) / new Vector<double>(Scale)).CopyTo(destination);
        (Vector.ConvertToDouble(high) / new Vector<double>(Scale)).CopyTo(destination[Vector<double>.Count..]);
    }
}
