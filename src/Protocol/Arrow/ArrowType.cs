namespace Delivery.Protocol.Arrow;

/// <summary>The column types Delivery writes and reads; see <c>docs/arrow.md</c>.</summary>
internal enum ArrowKind
{
    Int8 = 1,
    Int16,
    Int32,
    Int64,
    Float64,
    TimestampSecond,
    TimestampMillisecond,
    FixedSizeBinary,
    Utf8,

    /// <summary>Int8 index into a dictionary of Utf8 values that never changes during a stream.</summary>
    Dictionary,
}

/// <summary>The type of a column. Immutable, compared by value, safe to share between threads.</summary>
internal sealed record ArrowType
{
    /// <summary>The most values an int8 index can reach.</summary>
    public const int DictionaryValuesMax = 128;

    private ArrowType(ArrowKind kind, int valueWidthBytes, string? timeZone = null, long dictionaryId = 0)
    {
        Kind = kind;
        ValueWidthBytes = valueWidthBytes;
        TimeZone = timeZone;
        DictionaryId = dictionaryId;
    }

    public static ArrowType Int8 { get; } = new(ArrowKind.Int8, 1);

    public static ArrowType Int16 { get; } = new(ArrowKind.Int16, 2);

    public static ArrowType Int32 { get; } = new(ArrowKind.Int32, 4);

    public static ArrowType Int64 { get; } = new(ArrowKind.Int64, 8);

    public static ArrowType Float64 { get; } = new(ArrowKind.Float64, 8);

    public static ArrowType Utf8 { get; } = new(ArrowKind.Utf8, 4);

    public ArrowKind Kind { get; }

    /// <summary>Bytes per row in the values buffer; for <see cref="Utf8"/> the width of an offset, of which there is one more than rows.</summary>
    public int ValueWidthBytes { get; }

    /// <summary>
    /// A timestamp's IANA zone. With a zone the numbers count from 1970-01-01 UTC and the zone says how to show them;
    /// without one they are wall-clock time in no particular place.
    /// </summary>
    public string? TimeZone { get; }

    /// <summary>Which dictionary message a <see cref="ArrowKind.Dictionary"/> column reads its values from.</summary>
    public long DictionaryId { get; }

    /// <summary>Validity and values, and for strings their bytes as well.</summary>
    public int BufferCount => Kind == ArrowKind.Utf8 ? 3 : 2;

    public static ArrowType TimestampSecond(string? timeZone) => new(ArrowKind.TimestampSecond, 8, timeZone);

    public static ArrowType TimestampMillisecond(string? timeZone) => new(ArrowKind.TimestampMillisecond, 8, timeZone);

    /// <summary>Values of exactly <paramref name="widthBytes"/> bytes, at least one.</summary>
    public static ArrowType FixedSizeBinary(int widthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(widthBytes, 1);
        return new(ArrowKind.FixedSizeBinary, widthBytes);
    }

    public static ArrowType Dictionary(long id) => new(ArrowKind.Dictionary, 1, dictionaryId: id);
}
