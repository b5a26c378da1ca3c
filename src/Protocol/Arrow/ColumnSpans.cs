namespace Delivery.Protocol.Arrow;

/// <summary>
/// What must be known of a column before its batch can be laid out: how many rows lack a value, and for strings how many
/// bytes they take together (0 for every other type).
/// </summary>
internal readonly record struct ColumnShape(int NullCount, int DataLengthBytes = 0);

/// <summary>
/// A column's buffers where they lie. <c>Validity</c> is empty when no row is null, else one bit per row, least significant
/// first, 1 for a value. <c>Values</c> holds the rows little-endian, for strings their offsets; <c>Data</c> the string bytes.
/// </summary>
internal readonly ref struct ColumnSpans(int nullCount, ReadOnlySpan<byte> validity, ReadOnlySpan<byte> values, ReadOnlySpan<byte> data = default)
{
    public int NullCount { get; } = nullCount;

    public ReadOnlySpan<byte> Validity { get; } = validity;

    public ReadOnlySpan<byte> Values { get; } = values;

    public ReadOnlySpan<byte> Data { get; } = data;

    public ColumnShape Shape => new(NullCount, Data.Length);
}
