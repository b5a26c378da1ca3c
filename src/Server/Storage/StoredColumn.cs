using System.Buffers.Binary;
using Delivery.Protocol.Domain;

namespace Delivery.Server.Storage;

/// <summary>
/// A column as segments hold it: the variables that cannot be told from the partition, and the obligation of the test, which decides what
/// may leave and never leaves itself. The numbers are stored; they are those of <see cref="VariableId"/>.
/// </summary>
internal enum StoredColumn
{
    CprNumber = VariableId.CprNumber,
    InstitutionNumber = VariableId.InstitutionNumber,
    TestedAt = VariableId.TestedAt,
    OriginalAbilityLogit = VariableId.OriginalAbilityLogit,
    OriginalAbilityStandardError = VariableId.OriginalAbilityStandardError,
    RecalculatedAbilityLogit = VariableId.RecalculatedAbilityLogit,
    RecalculatedAbilityStandardError = VariableId.RecalculatedAbilityStandardError,
    AbilityLogit = VariableId.AbilityLogit,
    AbilityStandardError = VariableId.AbilityStandardError,
    Points0To50 = VariableId.Points0To50,
    CriterionLevel = VariableId.CriterionLevel,
    ProfileArea1Logit = VariableId.ProfileArea1Logit,
    ProfileArea1StandardError = VariableId.ProfileArea1StandardError,
    ProfileArea2Logit = VariableId.ProfileArea2Logit,
    ProfileArea2StandardError = VariableId.ProfileArea2StandardError,
    ProfileArea3Logit = VariableId.ProfileArea3Logit,
    ProfileArea3StandardError = VariableId.ProfileArea3StandardError,
    Obligation = 40,
}

/// <summary>How a stored column lies in memory: Arrow's own layout, so that a batch is built by copying.</summary>
internal static class StoredColumns
{
    /// <summary>Columns have room for this many numbers in a segment's bit set and in its blobs' row ids.</summary>
    public const int NumbersMax = 64;

    /// <summary>Bytes before the validity bitmap: null count and row count, 32 bits each, little-endian.</summary>
    public const int HeadBytes = 8;

    /// <summary>Stored with every sealed column and authenticated; a new layout takes a new number.</summary>
    public const byte EncodingVersion = 1;

    /// <summary>The same for a column that is held narrow: as whole numbers that stand for wider values.</summary>
    public const byte NarrowEncodingVersion = 2;

    // In a segment's bit set, so far above the column's own bit: that its values are held in 32 bits, in 16 bits.
    private const int IntBit = 24;
    private const int ShortBit = 40;

    /// <summary>Whether the variable is stored at all; the others follow from the partition.</summary>
    public static bool IsStored(VariableId variable) => Enum.IsDefined((StoredColumn)variable);

    /// <summary>The bits of a segment's set that say it holds the column with values of so many bytes.</summary>
    public static long Bits(StoredColumn column, int widthBytes) => (1L << (int)column) | (widthBytes == WidthBytes(column) ? 0
        : CanBeNarrow(column) && widthBytes == sizeof(int) ? 1L << ((int)column + IntBit)
        : CanBeNarrow(column) && widthBytes == sizeof(short) ? 1L << ((int)column + ShortBit)
        : throw new ArgumentOutOfRangeException(nameof(widthBytes)));

    /// <summary>Bytes of one value where a segment holds the column so.</summary>
    public static int WidthBytes(StoredColumn column, long bits) => !CanBeNarrow(column) ? WidthBytes(column)
        : (bits >> ((int)column + IntBit) & 1) != 0 ? sizeof(int)
        : (bits >> ((int)column + ShortBit) & 1) != 0 ? sizeof(short)
        : WidthBytes(column);

    /// <summary>Whether values that fit may be held as whole numbers: times in seconds, doubles as ten-thousandths.</summary>
    public static bool CanBeNarrow(StoredColumn column) => WidthBytes(column) == sizeof(double);

    /// <summary>Bytes of one value, when it is not held narrow.</summary>
    public static int WidthBytes(StoredColumn column) => column switch
    {
        StoredColumn.CprNumber => Protocol.Domain.CprNumber.Size,
        StoredColumn.InstitutionNumber => Protocol.Domain.InstitutionNumber.Size,
        StoredColumn.TestedAt => sizeof(long),
        StoredColumn.Points0To50 or StoredColumn.CriterionLevel or StoredColumn.Obligation => sizeof(sbyte),
        StoredColumn.OriginalAbilityLogit or StoredColumn.OriginalAbilityStandardError
            or StoredColumn.RecalculatedAbilityLogit or StoredColumn.RecalculatedAbilityStandardError
            or StoredColumn.AbilityLogit or StoredColumn.AbilityStandardError
            or StoredColumn.ProfileArea1Logit or StoredColumn.ProfileArea1StandardError
            or StoredColumn.ProfileArea2Logit or StoredColumn.ProfileArea2StandardError
            or StoredColumn.ProfileArea3Logit or StoredColumn.ProfileArea3StandardError => sizeof(double),
    };

    /// <summary>Bytes of a column of so many rows of so many bytes each, unsealed.</summary>
    public static int LengthBytes(int widthBytes, int rows, int nullCount) => HeadBytes + ValidityBytes(rows, nullCount) + (rows * widthBytes);

    /// <summary>Bytes of the validity bitmap, padded so that values stay aligned; 0 when no row is null.</summary>
    public static int ValidityBytes(int rows, int nullCount) => nullCount == 0 ? 0 : (rows + 63) / 64 * 8;

    public static void WriteHead(Span<byte> destination, int rows, int nullCount)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, nullCount);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], rows);
    }
}

/// <summary>An opened column: one bit per row that has a value (empty if all have), and the values.</summary>
internal readonly ref struct StoredColumnValues
{
    /// <summary>Reads an unsealed column.</summary>
    /// <exception cref="InvalidDataException">The bytes do not hold so many rows.</exception>
    public StoredColumnValues(StoredColumn column, int rows, ReadOnlySpan<byte> bytes)
    {
        NullCount = bytes.Length < StoredColumns.HeadBytes ? -1 : BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (NullCount < 0 || NullCount > rows || BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]) != rows)
        {
            throw Unsound();
        }

        Rows = rows;
        WidthBytes = WidthOf(column, rows, bytes.Length);
        var validity = StoredColumns.ValidityBytes(rows, NullCount);
        Validity = bytes.Slice(StoredColumns.HeadBytes, validity);
        Values = bytes[(StoredColumns.HeadBytes + validity)..];
    }

    public int NullCount { get; }

    public int Rows { get; }

    /// <summary>Bytes of one value: fewer than the column's own where it is held narrow.</summary>
    public int WidthBytes { get; }

    public ReadOnlySpan<byte> Validity { get; }

    public ReadOnlySpan<byte> Values { get; }

    // What is sealed beside the values is how many there are, so their width follows from the length.
    private int WidthOf(StoredColumn column, int rows, int lengthBytes)
    {
        var wide = StoredColumns.WidthBytes(column);
        ReadOnlySpan<int> widths = StoredColumns.CanBeNarrow(column) ? [wide, sizeof(int), sizeof(short)] : [wide];
        foreach (var width in widths)
        {
            if (lengthBytes == StoredColumns.LengthBytes(width, rows, NullCount))
            {
                return width;
            }
        }

        throw Unsound();
    }

    private static InvalidDataException Unsound() => new("A stored column does not hold the rows its segment names.");
}
