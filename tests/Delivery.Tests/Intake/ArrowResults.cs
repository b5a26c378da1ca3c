using System.Globalization;
using Delivery.Protocol.Arrow;
using Delivery.Tests.Arrow;

namespace Delivery.Tests.Intake;

/// <summary>Lines of a results file as record batches, so that one file can be sent in either form.</summary>
internal static class ArrowResults
{
    public const int BatchRows = 700;

    private static readonly string[] Coded = ["programme", "subject", "school_year", "obligation"];

    /// <summary>Text in every column, in the form CSV has it.</summary>
    public static ArrowType Text(string column) => ArrowType.Utf8;

    /// <summary>The type the values have; times as instants.</summary>
    public static ArrowType Typed(string column) => column switch
    {
        "cpr_number" or "institution_number" => ArrowType.Utf8,
        "tested_at" => ArrowType.TimestampSecond("Europe/Copenhagen"),
        "grade" => ArrowType.Int8,
        "points_0_50" => ArrowType.Int16,
        "criterion_level" => ArrowType.Int32,
        _ when Array.IndexOf(Coded, column) is >= 0 and var id => ArrowType.Dictionary(id),
        _ => ArrowType.Float64,
    };

    /// <summary>The same in other types; times as the clock on the wall.</summary>
    public static ArrowType OtherwiseTyped(string column) => column switch
    {
        "tested_at" => ArrowType.TimestampMillisecond(null),
        "grade" => ArrowType.Int64,
        "programme" => ArrowType.Utf8,
        _ => Typed(column),
    };

    public static Task<byte[]> FileAsync(IEnumerable<string> csv, Func<string, ArrowType> typeOf) => WriteAsync(Tables(csv, typeOf), asFile: true);

    public static Task<byte[]> StreamAsync(IEnumerable<string> csv, Func<string, ArrowType> typeOf) => WriteAsync(Tables(csv, typeOf), asFile: false);

    /// <summary>The lines, header first, in tables of one schema.</summary>
    public static IReadOnlyList<ArrowTable> Tables(IEnumerable<string> csv, Func<string, ArrowType> typeOf)
    {
        var lines = csv.Select(line => line.Split(',')).ToList();
        var names = lines[0];
        var schema = new ArrowSchema([.. names.Select(name => new ArrowField(name, typeOf(name), nullable: true))]);
        var dictionaries = names.Select((name, field) => (field, type: typeOf(name))).Where(column => column.type.Kind == ArrowKind.Dictionary)
            .ToDictionary(column => column.field, column => new ArrowDictionary(
                column.type.DictionaryId, [.. lines.Skip(1).Select(line => line[column.field]).Where(text => text.Length > 0).Distinct()]));
        return [.. lines.Skip(1).Chunk(BatchRows).Select(rows => new ArrowTable(
            schema,
            [.. dictionaries.Values],
            [.. names.Select((_, field) => rows.Select(row => Value(row[field], schema.Fields[field].Type, dictionaries.GetValueOrDefault(field))).ToArray())]))];
    }

    public static async Task<byte[]> WriteAsync(IReadOnlyList<ArrowTable> tables, bool asFile)
    {
        var output = new MemoryStream();
        var (file, stream) = (new ArrowFileEncoder(output, tables[0].Schema), new ArrowStreamEncoder(output));
        await (asFile ? file.WriteHeadAsync(tables[0].Dictionaries, default) : stream.WriteHeadAsync(tables[0].Schema, tables[0].Dictionaries, default));
        foreach (var table in tables)
        {
            await (asFile ? file.WriteBatchAsync(table.Write(), default) : stream.WriteBatchAsync(table.Write(), default));
        }

        await (asFile ? file.CompleteAsync(default) : stream.CompleteAsync(default));
        return output.ToArray();
    }

    private static object? Value(string text, ArrowType type, ArrowDictionary? dictionary) => text.Length == 0 ? null : type.Kind switch
    {
        ArrowKind.Int8 => sbyte.Parse(text, CultureInfo.InvariantCulture),
        ArrowKind.Int16 => short.Parse(text, CultureInfo.InvariantCulture),
        ArrowKind.Int32 => int.Parse(text, CultureInfo.InvariantCulture),
        ArrowKind.Int64 => long.Parse(text, CultureInfo.InvariantCulture),
        ArrowKind.Float64 => double.Parse(text, CultureInfo.InvariantCulture),
        ArrowKind.TimestampSecond => Time(text, type),
        ArrowKind.TimestampMillisecond => Time(text, type) * 1000,
        ArrowKind.Dictionary => (sbyte)dictionary!.Values.IndexOf(text),
        ArrowKind.Utf8 or ArrowKind.FixedSizeBinary => text,
    };

    private static long Time(string text, ArrowType type)
    {
        var local = DateTime.ParseExact(text, "s", CultureInfo.InvariantCulture);
        var offset = type.TimeZone is null ? TimeSpan.Zero : TimeZoneInfo.FindSystemTimeZoneById(type.TimeZone).GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUnixTimeSeconds();
    }
}
