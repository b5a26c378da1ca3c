using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Delivery.Protocol.Log;

namespace Delivery.Tests.Log;

/// <summary>Renders the form of a leaf as JSON Schema (2020-12), for readers who do not read C#.</summary>
internal static class LeafSchema
{
    private static readonly JsonWriterOptions Layout = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string FileName(LeafType type) => type.WireName() + ".schema.json";

    public static string Render(LeafType type)
    {
        var form = LeafForms.Of(type);
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, Layout))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            json.WriteString("$id", "urn:delivery:leaf:v1:" + type.WireName());
            json.WriteString("title", type.WireName());
            json.WriteString("description", form.Meaning + OrderSentence(form));
            LeafField[] fields = [.. Leaf.EnvelopeFields, .. form.AllFields()];
            WriteObject(json, fields, () => WriteEnvelope(json, type), [Leaf.VersionName, Leaf.TypeName, Leaf.ActorName]);
            if (form.Together is var (first, second))
            {
                json.WriteStartObject("dependentRequired");
                WriteNames(json, first, [second]);
                WriteNames(json, second, [first]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan) + "\n";
    }

    private static string OrderSentence(LeafForm form) => form.Order is { } order
        ? $" {order.Lower} is {(order.MayBeEqual ? "not after" : "less than")} {order.Upper}."
        : string.Empty;

    private static void WriteEnvelope(Utf8JsonWriter json, LeafType type)
    {
        json.WriteStartObject(Leaf.VersionName);
        json.WriteNumber("const", Leaf.Version);
        json.WriteEndObject();
        json.WriteStartObject(Leaf.TypeName);
        json.WriteString("const", type.WireName());
        json.WriteEndObject();
        json.WriteStartObject(Leaf.ActorName);
        json.WriteString("description", "Who caused it: an organisation and a role, never a person.");
        WriteObject(json, LeafActor.Fields, () => { }, []);
        json.WriteEndObject();
    }

    private static void WriteObject(
        Utf8JsonWriter json, IReadOnlyList<LeafField> fields, Action writeFirst, IReadOnlyList<string> firstNames)
    {
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        writeFirst();
        foreach (var field in fields)
        {
            json.WriteStartObject(field.Name);
            json.WriteString("description", field.Meaning);
            WriteShape(json, field.Shape);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        WriteNames(json, "required", [.. firstNames, .. fields.Where(field => !field.Optional).Select(field => field.Name)]);
        json.WriteBoolean("additionalProperties", false);
    }

    private static void WriteShape(Utf8JsonWriter json, FieldShape shape)
    {
        switch (shape)
        {
            case FieldShape.Hash:
                WritePattern(json, FieldShapes.HashPattern);
                break;
            case FieldShape.Code:
                WritePattern(json, FieldShapes.CodePattern);
                break;
            case FieldShape.Id:
                WritePattern(json, FieldShapes.IdPattern);
                break;
            case FieldShape.Date:
                WritePattern(json, FieldShapes.DatePattern);
                json.WriteString("format", "date");
                break;
            case FieldShape.SchoolYear:
                WritePattern(json, FieldShapes.SchoolYearPattern);
                break;
            case FieldShape.IdSet:
                json.WriteString("type", "array");
                json.WriteNumber("minItems", 1);
                json.WriteNumber("maxItems", FieldShapes.IdSetMax);
                json.WriteBoolean("uniqueItems", true);
                json.WriteStartObject("items");
                WritePattern(json, FieldShapes.IdPattern);
                json.WriteEndObject();
                break;
            case FieldShape.Count:
            case FieldShape.TimeMs:
                json.WriteString("type", "integer");
                json.WriteNumber("minimum", 0);
                json.WriteNumber("maximum", CanonicalJson.MaxInteger);
                break;
            default:
                throw new InvalidOperationException("A shape without a rendering.");
        }
    }

    private static void WritePattern(Utf8JsonWriter json, string pattern)
    {
        json.WriteString("type", "string");
        json.WriteString("pattern", pattern);
    }

    private static void WriteNames(Utf8JsonWriter json, string property, IEnumerable<string> names)
    {
        json.WriteStartArray(property);
        foreach (var name in names)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
    }
}
