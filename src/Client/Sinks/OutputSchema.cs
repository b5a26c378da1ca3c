using System.Collections.Immutable;
using Delivery.Client.Pseudonyms;
using Delivery.Client.Refusals;
using Delivery.Protocol.Arrow;
using Delivery.Protocol.Domain;

namespace Delivery.Client.Sinks;

/// <summary>What becomes of a column.</summary>
internal enum ColumnFate
{
    /// <summary>It is handed on as it is.</summary>
    Kept = 1,

    /// <summary>CPR numbers: every value is replaced by its pseudonym.</summary>
    Pseudonymised,

    /// <summary>Six ASCII characters a row, handed on as text.</summary>
    ShownAsText,

    /// <summary>Whole numbers that stand for wider values, handed on as those.</summary>
    Widened,
}

/// <summary>The columns of the output: those of the extract, with the CPR column replaced. Immutable.</summary>
internal sealed class OutputSchema
{
    private const string PseudonymName = "pseudonym";

    private OutputSchema(ArrowSchema arrow, ImmutableArray<ColumnFate> fates) => (Arrow, Fates) = (arrow, fates);

    /// <summary>The output's schema.</summary>
    public ArrowSchema Arrow { get; }

    /// <summary>One for each column, in order.</summary>
    public ImmutableArray<ColumnFate> Fates { get; }

    /// <summary>The place of the CPR column, or -1.</summary>
    public int PseudonymisedColumn => Fates.IndexOf(ColumnFate.Pseudonymised);

    /// <exception cref="DeliveryClientException">The CPR column is not of the form it must have.</exception>
    /// <exception cref="ArrowFormatException">A column stands for something unknown.</exception>
    public static OutputSchema Of(ArrowSchema extract)
    {
        var fates = extract.Fields.Select(FateOf).ToImmutableArray();
        var fields = extract.Fields.Zip(fates, OutputOf).ToImmutableArray();
        return new OutputSchema(new ArrowSchema(fields, extract.Metadata), fates);
    }

    private static ColumnFate FateOf(ArrowField field)
    {
        if (field.Name == VariableCatalogue.Get(VariableId.CprNumber).Code)
        {
            // Anything else could slip past the replacement.
            return field.Type == ArrowType.FixedSizeBinary(AesPseudonymiser.IdentifierSize) && !field.Nullable
                ? ColumnFate.Pseudonymised
                : throw new DeliveryClientException(ClientReasons.SchemaUnexpected, field.Name);
        }

        if (field.Name == PseudonymName)
        {
            throw new DeliveryClientException(ClientReasons.SchemaUnexpected, field.Name);
        }

        return field.Name == VariableCatalogue.Get(VariableId.InstitutionNumber).Code && field.Type.Kind == ArrowKind.FixedSizeBinary && !field.Nullable
            ? ColumnFate.ShownAsText
            : NarrowColumn.Widen(field) == field ? ColumnFate.Kept : ColumnFate.Widened;
    }

    private static ArrowField OutputOf(ArrowField field, ColumnFate fate) => fate switch
    {
        ColumnFate.Kept => field,
        ColumnFate.ShownAsText => field with { Type = ArrowType.Utf8 },
        ColumnFate.Widened => NarrowColumn.Widen(field),
        ColumnFate.Pseudonymised => new ArrowField(
            PseudonymName,
            ArrowType.FixedSizeBinary(AesPseudonymiser.PseudonymSize),
            Nullable: false,
            ArrowMetadata.Of(
                ("label_da", "Pseudonym"),
                ("label_en", "Pseudonym"),
                ("unit", ""),
                ("values_da", "16 byte; i tekst 26 tegn base32"),
                ("values_en", "16 bytes; as text 26 characters of base32"))),
    };
}
