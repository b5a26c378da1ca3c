using System.Text.Encodings.Web;
using System.Text.Json;

namespace Delivery.Protocol.Domain.Errata;

/// <summary>
/// The one form of an erratum in bytes: UTF-8 JSON without white space, names in a fixed order. The server makes it once; deliveries carry
/// those bytes, and their SHA-256 stands in the leaf <c>erratum.registered</c>, so that anybody can tell that a text is the one registered.
/// <para>Names: <c>v</c> (1), <c>erratum_id</c>, <c>severity</c>, <c>partitions</c> (objects of <c>partition</c> and, unless every import is
/// concerned, <c>last_generation</c>), <c>columns</c>, <c>text_da</c>, <c>text_en</c>.</para>
/// </summary>
public static class ErratumDocument
{
    private const int Version = 1;

    private static readonly JsonWriterOptions Form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The bytes of an erratum.</summary>
    public static byte[] Write(Erratum erratum)
    {
        ArgumentNullException.ThrowIfNull(erratum);
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Form))
        {
            json.WriteStartObject();
            json.WriteNumber("v", Version);
            json.WriteString("erratum_id", erratum.Id);
            json.WriteString("severity", erratum.Severity.Code());
            json.WriteStartArray("partitions");
            foreach (var named in erratum.Partitions)
            {
                json.WriteStartObject();
                json.WriteString("partition", named.Partition.ToString());
                if (named.LastGeneration is { } last)
                {
                    json.WriteNumber("last_generation", last);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("columns");
            foreach (var variable in erratum.Columns.ToList())
            {
                json.WriteStringValue(variable.Code);
            }

            json.WriteEndArray();
            json.WriteString("text_da", erratum.Text.Danish);
            json.WriteString("text_en", erratum.Text.English);
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The bytes are something else.</exception>
    public static Erratum Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes);
            using var document = JsonDocument.ParseValue(ref reader);
            return Read(document.RootElement);
        }
        catch (Exception cause) when (cause is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("The bytes are not an erratum.", cause);
        }
    }

    private static Erratum Read(JsonElement json)
    {
        if (json.GetProperty("v").GetInt32() != Version)
        {
            throw new FormatException("The erratum has a form of a later version.");
        }

        return new Erratum(
            json.GetProperty("erratum_id").GetString()!,
            json.GetProperty("severity").GetString() switch
            {
                "CAVEAT" => ErratumSeverity.Caveat,
                "FAULT" => ErratumSeverity.Fault,
                _ => throw new FormatException("The severity of an erratum is unknown."),
            },
            [.. json.GetProperty("partitions").EnumerateArray().Select(Partition)],
            VariableSet.Of([.. json.GetProperty("columns").EnumerateArray().Select(Column)]),
            new Bilingual(json.GetProperty("text_da").GetString()!, json.GetProperty("text_en").GetString()!));
    }

    private static ErratumPartition Partition(JsonElement json) =>
        PartitionKey.TryParse(json.GetProperty("partition").GetString(), out var partition)
            ? new ErratumPartition(partition, json.TryGetProperty("last_generation", out var last) ? last.GetInt64() : null)
            : throw new FormatException("An erratum names no test.");

    private static VariableId Column(JsonElement json) =>
        VariableCatalogue.Find(json.GetString() ?? "")?.Id ?? throw new FormatException("An erratum names an unknown column.");
}
