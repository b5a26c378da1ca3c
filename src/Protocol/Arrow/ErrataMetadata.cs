using System.Text;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Errata;

namespace Delivery.Protocol.Arrow;

/// <summary>
/// Errata in an extract's schema: their ids and documents on the schema, their ids on each field they concern. Without errata nothing is
/// added, so that the schema of an extract planned before there were any keeps its fingerprint.
/// </summary>
internal static class ErrataMetadata
{
    private const string SchemaKey = "delivery:errata";
    private const string DocumentKey = "delivery:erratum:";
    private const string FieldKey = "errata";

    /// <summary>What the schema says.</summary>
    public static IEnumerable<(string Key, string Value)> OfSchema(IReadOnlyList<CarriedErratum> errata) => errata.Count == 0
        ? []
        : errata.Select(carried => (DocumentKey + carried.Erratum.Id, Encoding.UTF8.GetString(carried.Document)))
            .Prepend((SchemaKey, string.Join(' ', errata.Select(carried => carried.Erratum.Id))));

    /// <summary>What the field of a variable says.</summary>
    public static IEnumerable<(string Key, string Value)> OfField(VariableId variable, IReadOnlyList<CarriedErratum> errata)
    {
        var ids = string.Join(' ', errata.Where(carried => carried.Columns.Contains(variable)).Select(carried => carried.Erratum.Id));
        return ids.Length == 0 ? [] : [(FieldKey, ids)];
    }

    /// <summary>Reads the errata of a schema.</summary>
    /// <exception cref="FormatException">An id without its document, or a document that is none.</exception>
    public static IReadOnlyList<Erratum> Read(ArrowMetadata schema) =>
    [
        .. (schema.Find(SchemaKey) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => ErratumDocument.Read(Encoding.UTF8.GetBytes(schema.Find(DocumentKey + id) ?? throw new FormatException("An erratum has no document.")))),
    ];
}

/// <summary>An erratum on its way with an extract.</summary>
/// <param name="Erratum">The erratum.</param>
/// <param name="Document">Its registered bytes.</param>
/// <param name="Columns">The extract's columns it concerns.</param>
internal sealed record CarriedErratum(Erratum Erratum, byte[] Document, VariableSet Columns);
