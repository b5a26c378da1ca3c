using Delivery.Protocol.Log;

namespace Delivery.Protocol.Domain;

/// <summary>The quality report of one generation of a partition, restricted canonical JSON: counts and codes, never a value.</summary>
/// <param name="Partition">For example <c>NT-DAN-2-2014</c>.</param>
/// <param name="Generation">The generation, from 1.</param>
/// <param name="SourceDeliveryId">The test system's name for the delivery.</param>
/// <param name="Rows">Rows kept, voluntary ones included.</param>
/// <param name="RejectedRows">Rows set aside.</param>
/// <param name="VoluntaryRows">Rows kept that never leave.</param>
/// <param name="Findings">Rows by rule code.</param>
internal sealed record QualityDocument(
    string Partition, long Generation, string SourceDeliveryId, long Rows, long RejectedRows, long VoluntaryRows, IReadOnlyList<(string Code, long Rows)> Findings)
{
    /// <summary>The document's exact bytes.</summary>
    public byte[] Write() => CanonicalJson.Write(new JsonObject(
        new("findings", new JsonArray([.. Findings.Select(finding => new JsonObject(
            new("code", new JsonText(finding.Code)),
            new("row_count", new JsonInteger(finding.Rows)),
            new("severity", new JsonText(ReasonCatalogue.Get(finding.Code).Severity.ToString().ToLowerInvariant()))))])),
        new("generation", new JsonInteger(Generation)),
        new("partition", new JsonText(Partition)),
        new("rejected_row_count", new JsonInteger(RejectedRows)),
        new("row_count", new JsonInteger(Rows)),
        new("source_delivery_id", new JsonText(SourceDeliveryId)),
        new("voluntary_row_count", new JsonInteger(VoluntaryRows))));

    /// <summary>Reads what <see cref="Write"/> wrote. Codes that this version does not know are read too.</summary>
    /// <exception cref="InvalidDataException">It is no such document.</exception>
    public static QualityDocument Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var members = ((JsonObject)CanonicalJson.Parse(bytes)).Members;
            return new QualityDocument(
                Text(members, "partition"),
                Number(members, "generation"),
                Text(members, "source_delivery_id"),
                Number(members, "row_count"),
                Number(members, "rejected_row_count"),
                Number(members, "voluntary_row_count"),
                [.. ((JsonArray)members["findings"]).Items.Select(item => ((JsonObject)item).Members).Select(finding => (Text(finding, "code"), Number(finding, "row_count")))]);
        }
        catch (Exception cause) when (cause is CanonicalJsonException or InvalidCastException or KeyNotFoundException)
        {
            throw new InvalidDataException("The quality report cannot be read.", cause);
        }
    }

    private static string Text(IReadOnlyDictionary<string, JsonValue> members, string name) => ((JsonText)members[name]).Value;

    private static long Number(IReadOnlyDictionary<string, JsonValue> members, string name) => ((JsonInteger)members[name]).Value;
}
