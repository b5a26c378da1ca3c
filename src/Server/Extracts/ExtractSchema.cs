using System.Collections.Immutable;
using System.Globalization;
using Delivery.Protocol.Arrow;
using Delivery.Protocol.Domain;
using Delivery.Server.Storage;

namespace Delivery.Server.Extracts;

/// <summary>
/// The columns of one programme's extract: the approved variables in catalogue order, with labels, unit and values in both languages as
/// field metadata, and the errata that concern them. Columns that follow from the partition are dictionaries of a byte a row; numbers are as
/// narrow as all segments hold them.
/// </summary>
internal sealed class ExtractSchema
{
    private readonly ImmutableArray<ArrowDictionary> _dictionaries;

    /// <summary>The columns as a delivered file has them.</summary>
    public ExtractSchema(Scope scope, Programme programme, IReadOnlyList<CarriedErratum> errata)
        : this(scope, programme, errata, static (_, wide) => wide)
    {
    }

    /// <summary>The columns on their way, for these segments.</summary>
    public ExtractSchema(Scope scope, Programme programme, IReadOnlyList<CarriedErratum> errata, IReadOnlyList<SegmentPlace> segments)
        : this(scope, programme, errata, (variable, wide) => Narrowed(variable, wide, segments))
    {
    }

    private ExtractSchema(Scope scope, Programme programme, IReadOnlyList<CarriedErratum> errata, Func<VariableId, ArrowField, ArrowField> narrowed)
    {
        Columns = scope.ColumnsOf(programme);
        var partitions = scope.PartitionsOf(programme);
        _dictionaries = [.. Columns.Where(column => IsDictionary(column.Id)).Select(column => new ArrowDictionary(column.Ordinal, Values(column.Id, partitions)))];
        var warnings = ComparabilityRules.For(scope);
        Arrow = new ArrowSchema(
            [.. Columns.Select(column => narrowed(column.Id, Field(column, errata)))],
            ArrowMetadata.Of(
            [
                ("delivery:programme", programme.Code()),
                ("delivery:comparability", string.Join(' ', warnings.Select(warning => warning.Code))),
                ("delivery:comparability_da", string.Join('\n', warnings.Select(warning => $"{warning.Code}: {warning.Text.Danish}"))),
                ("delivery:comparability_en", string.Join('\n', warnings.Select(warning => $"{warning.Code}: {warning.Text.English}"))),
                .. ErrataMetadata.OfSchema(errata),
            ]));
        Message = [.. ArrowSchemaWriter.Write(Arrow), .. _dictionaries.SelectMany(ArrowSchemaWriter.WriteDictionaryBatch)];
        Fingerprint = ArrowSchemaWriter.Fingerprint(Arrow, _dictionaries);
    }

    public IReadOnlyList<Variable> Columns { get; }

    public ArrowSchema Arrow { get; }

    /// <summary>Schema message and dictionary messages: the beginning of the opened payload.</summary>
    public byte[] Message { get; }

    /// <summary>SHA-256 of <see cref="Message"/>.</summary>
    public byte[] Fingerprint { get; }

    /// <summary>The dictionary index every row of a partition has in a column that follows from the partition.</summary>
    public byte Index(VariableId variable, PartitionKey partition)
    {
        var dictionary = _dictionaries.Single(dictionary => dictionary.Id == VariableCatalogue.Get(variable).Ordinal);
        return (byte)dictionary.Values.IndexOf(Value(variable, partition));
    }

    /// <summary>Whether the column is a dictionary of values that follow from the partition.</summary>
    public static bool IsDictionary(VariableId variable) =>
        variable is VariableId.Subject or VariableId.SchoolYear or VariableId.Programme or VariableId.TestCode;

    private static ImmutableArray<string> Values(VariableId variable, IReadOnlyList<PartitionKey> partitions) =>
        [.. partitions.Select(partition => Value(variable, partition)).Distinct().Order(StringComparer.Ordinal)];

    private static string Value(VariableId variable, PartitionKey partition) => variable switch
    {
        VariableId.Subject => partition.Subject.Code(),
        VariableId.SchoolYear => partition.SchoolYear.ToString(),
        VariableId.Programme => partition.Programme.Code(),
        VariableId.TestCode => partition.TestCode.ToString(),
        _ => throw new ArgumentOutOfRangeException(nameof(variable)),
    };

    private static ArrowField Field(Variable variable, IReadOnlyList<CarriedErratum> errata) => new(
        variable.Code,
        Type(variable),
        variable.IsNullable,
        ArrowMetadata.Of(
        [
            ("label_da", variable.Label.Danish),
            ("label_en", variable.Label.English),
            ("unit", variable.Unit),
            ("values_da", variable.Values.Danish),
            ("values_en", variable.Values.English),
            .. ErrataMetadata.OfField(variable.Id, errata),
        ]));

    // One type for the whole extract: the widest that a segment holds. A column that none of them holds is all null, and takes as little as it can.
    private static ArrowField Narrowed(VariableId variable, ArrowField wide, IReadOnlyList<SegmentPlace> segments)
    {
        var column = (StoredColumn)variable;
        if (!StoredColumns.IsStored(variable) || !StoredColumns.CanBeNarrow(column))
        {
            return wide;
        }

        var least = wide.Type.Kind is ArrowKind.TimestampSecond ? sizeof(int) : sizeof(short);
        var width = segments.Where(segment => segment.Holds(column)).Select(segment => segment.WidthBytes(column)).DefaultIfEmpty(least).Max();
        return width == StoredColumns.WidthBytes(column) ? wide : NarrowColumn.Narrow(wide, width);
    }

    private static ArrowType Type(Variable variable) => variable.Id switch
    {
        VariableId.CprNumber => ArrowType.FixedSizeBinary(CprNumber.Size),
        VariableId.InstitutionNumber => ArrowType.FixedSizeBinary(InstitutionNumber.Size),
        VariableId.TestedAt => ArrowType.TimestampSecond("Europe/Copenhagen"),
        VariableId.Grade or VariableId.Points0To50 or VariableId.CriterionLevel => ArrowType.Int8,
        _ when IsDictionary(variable.Id) => ArrowType.Dictionary(variable.Ordinal),
        _ when StoredColumns.WidthBytes((StoredColumn)variable.Id) == sizeof(double) => ArrowType.Float64,
        _ => throw new ArgumentOutOfRangeException(nameof(variable), string.Create(CultureInfo.InvariantCulture, $"{variable.Code} has no Arrow type.")),
    };
}
