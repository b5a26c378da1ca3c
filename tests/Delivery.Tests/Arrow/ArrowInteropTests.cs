using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Delivery.Protocol.Arrow;

namespace Delivery.Tests.Arrow;

/// <summary>What we write is read by the Arrow project's own JavaScript implementation as what we meant.</summary>
public sealed class ArrowInteropTests
{
    [NodeFact]
    public async Task Another_implementation_reads_our_stream() => await ReadsAsync(await ArrowFiles.StreamAsync(ArrowTables.Every, batchCount: 2));

    [NodeFact]
    public async Task Another_implementation_reads_our_file() => await ReadsAsync(await ArrowFiles.FileAsync(ArrowTables.Every, batchCount: 2));

    [NodeFact]
    public async Task We_read_a_stream_that_another_implementation_wrote()
    {
        var bytes = await RunAsync(await ArrowFiles.StreamAsync(ArrowTables.Every, batchCount: 1), "--stream");
        var reader = await ArrowStreamReader.OpenAsync(new MemoryStream(bytes), new(), default);
        AssertEvery(reader.Schema, await reader.ReadBatchAsync(default));
        Assert.Null(await reader.ReadBatchAsync(default));
    }

    [NodeFact]
    public async Task We_read_a_file_that_another_implementation_wrote()
    {
        var file = new ArrowFileReader(await RunAsync(await ArrowFiles.FileAsync(ArrowTables.Every, batchCount: 1), "--file"));
        AssertEvery(file.Schema, file.ReadBatch(0));
        Assert.Equal(1, file.BatchCount);
        Assert.True(ArrowTables.Every.Dictionaries.SequenceEqual(file.Dictionaries));
    }

    private static void AssertEvery(ArrowSchema schema, RecordBatch? batch)
    {
        Assert.NotNull(batch);
        Assert.Equal(ArrowTables.Every.Schema, schema);
        Assert.True(ArrowRoundTripTests.Same(ArrowTables.Every.Columns, ArrowTable.Read(batch)));
    }

    private static async Task ReadsAsync(byte[] bytes)
    {
        var table = ArrowTables.Every;
        var output = System.Text.Encoding.UTF8.GetString(await RunAsync(bytes));
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(JsonSerializer.Serialize(Describe(table.Schema), Json), lines[0]);
        var rows = Enumerable.Range(0, table.RowCount).Select(row => JsonSerializer.Serialize(Row(table, row), Json)).ToArray();
        Assert.Equal([.. rows, .. rows], lines[1..]);
    }

    private static JsonSerializerOptions Json { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static object[] Describe(ArrowSchema schema) =>
    [
        Pairs(schema.Metadata),
        .. schema.Fields.Select(field => new object[] { field.Name, TypeName(field.Type), field.Nullable, Pairs(field.Metadata) }),
    ];

    private static string[][] Pairs(ArrowMetadata metadata) => [.. metadata.Select(pair => new[] { pair.Key, pair.Value })];

    private static string TypeName(ArrowType type) => type.Kind switch
    {
        ArrowKind.Int8 or ArrowKind.Int16 or ArrowKind.Int32 or ArrowKind.Int64 or ArrowKind.Float64 or ArrowKind.Utf8 => $"{type.Kind}",
        ArrowKind.TimestampSecond => $"Timestamp(SECOND,{type.TimeZone})",
        ArrowKind.TimestampMillisecond => $"Timestamp(MILLISECOND,{type.TimeZone})",
        ArrowKind.FixedSizeBinary => $"FixedSizeBinary({type.ValueWidthBytes})",
        ArrowKind.Dictionary => $"Dictionary(Int8,Utf8,{type.DictionaryId})",
    };

    /// <summary>Doubles as their bits, so that nothing is lost between two ways of printing them.</summary>
    private static string?[] Row(ArrowTable table, int row) =>
    [
        .. table.Columns.Select((values, column) => (values[row], table.Schema.Fields[column].Type) switch
        {
            (double number, _) => BitConverter.DoubleToInt64Bits(number).ToString("x16", CultureInfo.InvariantCulture),
            (sbyte index, { Kind: ArrowKind.Dictionary } type) => table.Dictionaries.Single(dictionary => dictionary.Id == type.DictionaryId)[index],
            var (value, _) => Convert.ToString(value, CultureInfo.InvariantCulture) is { } text && value is not null ? text : null,
        }),
    ];

    private static async Task<byte[]> RunAsync(byte[] input, params string[] arguments)
    {
        using var node = Process.Start(new ProcessStartInfo("node", ["read.mjs", .. arguments])
        {
            WorkingDirectory = NodeFactAttribute.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = new MemoryStream();
        var copying = node.StandardOutput.BaseStream.CopyToAsync(output);
        var complaints = node.StandardError.ReadToEndAsync();
        await node.StandardInput.BaseStream.WriteAsync(input);
        node.StandardInput.Close();
        await copying;
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, await complaints);
        return output.ToArray();
    }
}
