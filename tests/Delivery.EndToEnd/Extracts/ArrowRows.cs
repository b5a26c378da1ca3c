using System.Globalization;
using System.Text;
using Delivery.Protocol.Arrow;

namespace Delivery.EndToEnd.Extracts;

/// <summary>The rows of an opened extract as text, column by column, absent values as <c>null</c>.</summary>
internal sealed record ArrowRows(IReadOnlyList<string> Columns, IReadOnlyList<string> Rows)
{
    private static readonly byte[] EndMarker = [0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0];
    private static readonly TimeZoneInfo Denmark = TimeZoneInfo.FindSystemTimeZoneById("Europe/Copenhagen");

    public static async Task<ArrowRows> ReadAsync(ReadOnlyMemory<byte> schema, IEnumerable<byte[]> batches)
    {
        using var stream = new MemoryStream([.. schema.Span, .. batches.SelectMany(batch => batch), .. EndMarker]);
        var reader = await ArrowStreamReader.OpenAsync(stream, new ArrowStreamLimits(), CancellationToken.None);
        var rows = new List<string>();
        while (await reader.ReadBatchAsync(CancellationToken.None) is { } batch)
        {
            for (var row = 0; row < batch.RowCount; row++)
            {
                rows.Add(string.Join('|', Enumerable.Range(0, reader.Schema.Fields.Length).Select(column => Value(reader, batch, column, row))));
            }
        }

        return new ArrowRows([.. reader.Schema.Fields.Select(field => field.Name)], rows);
    }

    private static string Value(ArrowStreamReader reader, RecordBatch batch, int column, int row)
    {
        if (!batch.IsValid(column, row))
        {
            return "null";
        }

        var field = batch.Schema.Fields[column];
        return (field.Type.Kind, field.Metadata.Find("stands_for")) switch
        {
            (ArrowKind.Int16, "float64 / 10000") => Decimals(batch.Int16(column)[row]),
            (ArrowKind.Int32, "float64 / 10000") => Decimals(batch.Int32(column)[row]),
            (ArrowKind.Int32, "timestamp[s, Europe/Copenhagen]") => Clock(batch.Int32(column)[row]),
            (_, { } unknown) => throw new InvalidOperationException($"Nothing stands for {unknown}."),
            (var kind, null) => Value(reader, batch, column, row, kind),
        };
    }

    private static string Value(ArrowStreamReader reader, RecordBatch batch, int column, int row, ArrowKind kind) => kind switch
    {
        ArrowKind.Int8 => batch.Int8(column)[row].ToString(CultureInfo.InvariantCulture),
        ArrowKind.Float64 => batch.Float64(column)[row].ToString("R", CultureInfo.InvariantCulture),
        ArrowKind.TimestampSecond => Clock(batch.TimestampSecond(column)[row]),
        ArrowKind.FixedSizeBinary => Encoding.Latin1.GetString(Slice(batch, column, row)),
        ArrowKind.Dictionary => reader.Dictionary(column)[batch.DictionaryIndexes(column)[row]],
        _ => throw new InvalidOperationException($"An extract has no column of {kind}."),
    };

    // Four decimals, written and read as text: not the way the product goes.
    private static string Decimals(int tenThousandths) =>
        double.Parse((tenThousandths / 10_000m).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);

    private static string Clock(long seconds) =>
        TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(seconds), Denmark).ToString("s", CultureInfo.InvariantCulture);

    private static ReadOnlySpan<byte> Slice(RecordBatch batch, int column, int row)
    {
        var all = batch.FixedSizeBinary(column);
        var width = all.Length / batch.RowCount;
        return all.Slice(row * width, width);
    }
}
