using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Delivery.Protocol.Arrow;
using Delivery.Protocol.Domain;

namespace Delivery.Client.Sinks;

/// <summary>
/// Describes a CSV file as <see cref="CsvSink"/> writes it: W3C metadata for tabular data (CSV on the Web), for a file of its own beside it.
/// Labels, units and values are those of the Arrow schema the file was made from, so neither can say what the other does not. Pure.
/// </summary>
internal static class CsvMetadata
{
    private const string Suffix = "-metadata.json";

    private static readonly JsonWriterOptions Form = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Where the standard has a reader look for it: <c>results.csv-metadata.json</c>.</summary>
    public static string NameFor(string csvFile) => csvFile + Suffix;

    /// <summary>The description of a file, UTF-8.</summary>
    /// <param name="csvFile">Name of the file; only its last part is used.</param>
    /// <param name="schema">Its columns.</param>
    /// <param name="dictionaries">The extract's dictionaries.</param>
    public static byte[] Write(string csvFile, OutputSchema schema, ImmutableArray<ArrowDictionary> dictionaries)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Form))
        {
            json.WriteStartObject();
            json.WriteString("@context", "http://www.w3.org/ns/csvw");
            json.WriteString("url", Path.GetFileName(csvFile));
            foreach (var (key, value) in schema.Arrow.Metadata)
            {
                // The keys are names in the Arrow sense; a reader of the standard takes them as notes in our own vocabulary.
                json.WriteString("urn:" + key, value);
            }

            WriteDialect(json);
            json.WriteStartObject("tableSchema");
            json.WriteStartArray("columns");
            foreach (var (field, fate) in schema.Arrow.Fields.Zip(schema.Fates))
            {
                WriteColumn(json, field, fate, dictionaries);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    private static void WriteDialect(Utf8JsonWriter json)
    {
        json.WriteStartObject("dialect");
        json.WriteString("encoding", "utf-8");
        json.WriteString("delimiter", ",");
        json.WriteString("quoteChar", "\"");
        json.WriteBoolean("doubleQuote", true);
        json.WriteBoolean("header", true);
        json.WriteNumber("headerRowCount", 1);
        json.WriteString("lineTerminators", "\r\n");
        json.WriteBoolean("skipInitialSpace", false);
        json.WriteBoolean("trim", false);
        json.WriteEndObject();
    }

    private static void WriteColumn(Utf8JsonWriter json, ArrowField field, ColumnFate fate, ImmutableArray<ArrowDictionary> dictionaries)
    {
        json.WriteStartObject();
        json.WriteString("name", field.Name);
        json.WriteString("titles", field.Name);
        WriteBoth(json, "dc:title", field, "label");
        WriteBoth(json, "dc:description", field, "values");
        if (field.Metadata.Find("unit") is { Length: > 0 } unit)
        {
            json.WriteString("schema:unitText", unit);
        }

        if (field.Metadata.Find("errata") is { } errata)
        {
            json.WriteString("urn:delivery:errata", errata);
        }

        json.WriteBoolean("required", !field.Nullable);
        json.WriteString("null", "");
        json.WriteStartObject("datatype");
        WriteType(json, field, fate, dictionaries);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteBoth(Utf8JsonWriter json, string name, ArrowField field, string key)
    {
        json.WriteStartArray(name);
        foreach (var language in (ReadOnlySpan<string>)["da", "en"])
        {
            json.WriteStartObject();
            json.WriteString("@value", field.Metadata.Find($"{key}_{language}") ?? "");
            json.WriteString("@language", language);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteType(Utf8JsonWriter json, ArrowField field, ColumnFate fate, ImmutableArray<ArrowDictionary> dictionaries)
    {
        switch (fate)
        {
            case ColumnFate.Pseudonymised:
                WriteType(json, "string", $"[a-z2-7]{{{Base32.PseudonymLength}}}");
                break;
            case ColumnFate.ShownAsText:
                WriteType(json, "string", $"[0-9]{{{InstitutionNumber.Size}}}");
                break;
            case ColumnFate.Kept or ColumnFate.Widened:
                WriteKept(json, field, dictionaries);
                break;
            default:
                throw new InvalidOperationException("A fate without a datatype.");
        }
    }

    private static void WriteKept(Utf8JsonWriter json, ArrowField field, ImmutableArray<ArrowDictionary> dictionaries)
    {
        switch (field.Type.Kind)
        {
            case ArrowKind.Int8:
                WriteType(json, "byte");
                WriteBounds(json, field.Name);
                break;
            case ArrowKind.Int16:
                WriteType(json, "short");
                break;
            case ArrowKind.Int32:
                WriteType(json, "int");
                break;
            case ArrowKind.Int64:
                WriteType(json, "long");
                break;
            case ArrowKind.Float64:
                WriteType(json, "double");
                break;
            case ArrowKind.TimestampSecond or ArrowKind.TimestampMillisecond:
                WriteType(json, "dateTime", "yyyy-MM-ddTHH:mm:ss");
                break;
            case ArrowKind.FixedSizeBinary:
                WriteType(json, "hexBinary");
                break;
            case ArrowKind.Dictionary:
                var values = dictionaries.Single(dictionary => dictionary.Id == field.Type.DictionaryId).Values;
                WriteType(json, "string", string.Join('|', values.Select(Regex.Escape)));
                break;
            case ArrowKind.Utf8:
                WriteType(json, "string");
                break;
            default:
                throw new InvalidOperationException("A column type without a datatype.");
        }
    }

    private static void WriteType(Utf8JsonWriter json, string type, string? format = null)
    {
        json.WriteString("base", type);
        if (format is not null)
        {
            json.WriteString("format", format);
        }
    }

    private static void WriteBounds(Utf8JsonWriter json, string column)
    {
        if (VariableCatalogue.Find(column) is { } variable && ValueLabels.Bounds(variable.Id) is var (from, to))
        {
            json.WriteNumber("minimum", from);
            json.WriteNumber("maximum", to);
        }
    }
}
