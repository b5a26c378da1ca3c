using Delivery.Protocol.Arrow;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Errata;

namespace Delivery.Client.Extracts;

/// <summary>One extract as it can be had now. Its fingerprint was recomputed from its schema.</summary>
public sealed class ExtractInfo
{
    internal ExtractInfo(ExtractSchemaBytes schema) => (Schema, Columns, Errata) = (schema, ExtractColumn.ListOf(schema), schema.Errata);

    /// <summary>The project.</summary>
    public required string ProjectId { get; init; }

    /// <summary>The approval version it follows.</summary>
    public required int ApprovalVersion { get; init; }

    /// <summary>Its id; the same for every call until it is completed and acknowledged.</summary>
    public required string ExtractId { get; init; }

    /// <summary>The programme.</summary>
    public required Programme Programme { get; init; }

    /// <summary>Rows at the most; the population may select fewer.</summary>
    public required long RowsMax { get; init; }

    /// <summary>Batches it will have.</summary>
    public required long Batches { get; init; }

    /// <summary>True once a call has pinned the data it reads.</summary>
    public required bool IsPinned { get; init; }

    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<ExtractColumn> Columns { get; }

    /// <summary>Caveats and faults that concern it, as the schema carries them.</summary>
    public IReadOnlyList<Erratum> Errata { get; }

    /// <summary>SHA-256 of the schema, lower-case hexadecimal.</summary>
    public string SchemaFingerprint => Convert.ToHexStringLower(Schema.Fingerprint);

    internal ExtractSchemaBytes Schema { get; }

    /// <summary>The place of a column.</summary>
    /// <returns>Its index in <see cref="Columns"/>; -1 if the extract has none of that name.</returns>
    public int ColumnOf(string name)
    {
        for (var column = 0; column < Columns.Count; column++)
        {
            if (Columns[column].Name == name)
            {
                return column;
            }
        }

        return -1;
    }

    /// <summary>The extract of the same columns that an earlier call was for.</summary>
    internal ExtractInfo As(string extractId, int approvalVersion) => new(Schema)
    {
        ProjectId = ProjectId,
        ApprovalVersion = approvalVersion,
        ExtractId = extractId,
        Programme = Programme,
        RowsMax = RowsMax,
        Batches = Batches,
        IsPinned = IsPinned,
    };
}

/// <summary>How a column's values are held.</summary>
public enum ExtractColumnKind
{
    /// <summary>A whole number: <see cref="ExtractBatch.Whole"/>.</summary>
    Whole = 1,

    /// <summary>A double: <see cref="ExtractBatch.Reals"/>.</summary>
    Real,

    /// <summary>A point in time: <see cref="ExtractBatch.Instant"/>.</summary>
    Instant,

    /// <summary>Bytes of one width: <see cref="ExtractBatch.FixedBytes"/>.</summary>
    FixedBytes,

    /// <summary>Text, perhaps from a list of codes: <see cref="ExtractBatch.Text"/>.</summary>
    Text,
}

/// <summary>One column of an extract.</summary>
/// <param name="Name">Its name, for example <c>points_0_50</c>.</param>
/// <param name="Kind">How its values are held.</param>
/// <param name="IsNullable">Whether a row may lack a value.</param>
/// <param name="WidthBytes">Bytes a row takes; 0 for text.</param>
/// <param name="Label">Its title; empty where the server gave none.</param>
/// <param name="Unit">Its unit; empty if none.</param>
public sealed record ExtractColumn(string Name, ExtractColumnKind Kind, bool IsNullable, int WidthBytes, Bilingual Label, string Unit)
{
    /// <summary>The type of <see cref="ExtractBatch.Values"/>; null where a row is no number.</summary>
    public Type? ElementType { get; private init; }

    internal static Type? ElementTypeOf(ArrowKind kind) => kind switch
    {
        ArrowKind.Int8 => typeof(sbyte),
        ArrowKind.Int16 => typeof(short),
        ArrowKind.Int32 => typeof(int),
        ArrowKind.Int64 or ArrowKind.TimestampSecond or ArrowKind.TimestampMillisecond => typeof(long),
        ArrowKind.Float64 => typeof(double),
        ArrowKind.FixedSizeBinary or ArrowKind.Utf8 or ArrowKind.Dictionary => null,
    };

    internal static IReadOnlyList<ExtractColumn> ListOf(ExtractSchemaBytes schema) => [.. schema.Wide.Fields.Select(Of)];

    private static ExtractColumn Of(ArrowField field) => new(
        field.Name,
        KindOf(field.Type.Kind),
        field.Nullable,
        field.Type.Kind is ArrowKind.Utf8 or ArrowKind.Dictionary ? 0 : field.Type.ValueWidthBytes,
        new Bilingual(field.Metadata.Find("label_da") ?? "", field.Metadata.Find("label_en") ?? ""),
        field.Metadata.Find("unit") ?? "")
    {
        ElementType = ElementTypeOf(field.Type.Kind),
    };

    private static ExtractColumnKind KindOf(ArrowKind kind) => kind switch
    {
        ArrowKind.Int8 or ArrowKind.Int16 or ArrowKind.Int32 or ArrowKind.Int64 => ExtractColumnKind.Whole,
        ArrowKind.Float64 => ExtractColumnKind.Real,
        ArrowKind.TimestampSecond or ArrowKind.TimestampMillisecond => ExtractColumnKind.Instant,
        ArrowKind.FixedSizeBinary => ExtractColumnKind.FixedBytes,
        ArrowKind.Utf8 or ArrowKind.Dictionary => ExtractColumnKind.Text,
    };
}
