using System.Text;
using Delivery.Client.Extracts;
using Delivery.Client.Refusals;
using Delivery.Client.Sinks;
using Delivery.Protocol.Arrow;
using Delivery.Tests.Arrow;

namespace Delivery.Tests.Client;

/// <summary>A column that comes narrow leaves no trace in what a recipient gets.</summary>
public sealed class NarrowSinkTests
{
    private static readonly int?[] TenThousandths = [-1000, null, 15_000, 22_500, null, 3001, 0, 1, -1, 32_767, -32_768];
    private static readonly long[] Times = [.. Enumerable.Range(0, 11).Select(row => 1_425_978_000L + (row * 61))];

    private static readonly ArrowSchema Wide = new(
    [
        new ArrowField("tested_at", ArrowType.TimestampSecond("Europe/Copenhagen"), false, ArrowMetadata.Of(("label_da", "Dato og tid for test"))),
        new ArrowField("ability_logit", ArrowType.Float64, true, ArrowMetadata.Of(("unit", "logit"))),
        new ArrowField("ability_standard_error", ArrowType.Float64, true),
        new ArrowField("grade", ArrowType.Int8, false),
    ]);

    private static readonly ArrowSchema Narrow = new(
    [
        NarrowColumn.Narrow(Wide.Fields[0], sizeof(int)), NarrowColumn.Narrow(Wide.Fields[1], sizeof(int)), NarrowColumn.Narrow(Wide.Fields[2], sizeof(short)), Wide.Fields[3],
    ]);

    private static readonly ArrowTable WideRows = new(Wide, [],
    [
        [.. Times.Select(time => (object)time)],
        [.. TenThousandths.Select(whole => (object?)(whole / 10_000d))],
        [.. TenThousandths.Select(whole => (object?)(whole / 10_000d))],
        [.. Times.Select(_ => (object)(sbyte)6)],
    ]);

    private static readonly ArrowTable NarrowRows = new(Narrow, [],
    [
        [.. Times.Select(time => (object)(int)time)],
        [.. TenThousandths.Select(whole => (object?)whole)],
        [.. TenThousandths.Select(whole => (object?)(short?)whole)],
        [.. Times.Select(_ => (object)(sbyte)6)],
    ]);

    [Theory]
    [InlineData("ArrowFile")]
    [InlineData("ArrowStream")]
    [InlineData("Csv")]
    public async Task The_output_is_byte_for_byte_that_of_the_wide_columns(string form)
    {
        var output = await WriteAsync(Enum.Parse<OutputForm>(form), NarrowRows);
        Assert.Equal(await WriteAsync(Enum.Parse<OutputForm>(form), WideRows), output);
        Assert.Equal(-1, output.AsSpan().IndexOf("stands_for"u8));
    }

    [Fact]
    public async Task The_text_of_a_narrow_number_is_its_own() =>
        Assert.StartsWith(
            "tested_at,ability_logit,ability_standard_error,grade\r\n2015-03-10T10:00:00,-0.1,-0.1,6\r\n2015-03-10T10:01:01,,,6\r\n2015-03-10T10:02:02,1.5,1.5,6\r\n",
            Encoding.UTF8.GetString(await WriteAsync(OutputForm.Csv, NarrowRows)),
            StringComparison.Ordinal);

    [Fact]
    public void A_batch_hands_out_what_its_columns_stand_for()
    {
        var schema = ExtractSchemaBytes.Read(ArrowSchemaWriter.Write(Narrow));
        var columns = ExtractColumn.ListOf(schema);
        Assert.Equal([typeof(long), typeof(double), typeof(double), typeof(sbyte)], columns.Select(column => column.ElementType));
        Assert.Equal(8, columns[1].WidthBytes);
        var batch = new ExtractBatch(new ExtractBookmark("X", 1, new byte[32], 11), RecordBatchReader.Read(Narrow, NarrowRows.Write()), schema);
        Assert.Equal(Times, batch.Values<long>(0).ToArray());
        Assert.Equal(TenThousandths.Select(whole => (whole ?? 0) / 10_000d), batch.Values<double>(1).ToArray());
        Assert.Equal(batch.Values<double>(1).ToArray(), batch.Reals(2).ToArray());
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(Times[3]), batch.Instant(0, 3));
        Assert.Equal((false, true, 2), (batch.HasValue(1, 1), batch.HasValue(1, 2), batch.NullCount(2)));
        Assert.Throws<InvalidOperationException>(() => batch.Values<int>(1).Length);
        Assert.Throws<InvalidOperationException>(() => batch.Whole(1, 0));
        batch.Expire();
        Assert.Throws<ObjectDisposedException>(() => batch.Values<double>(1).Length);
    }

    [Fact]
    public void A_schema_that_stands_for_something_unknown_is_refused()
    {
        var field = new ArrowField("ability_logit", ArrowType.Int32, true, ArrowMetadata.Of((NarrowColumn.Key, "decimal32(9, 4)")));
        var refused = Assert.Throws<DeliveryClientException>(() => ExtractSchemaBytes.Read(ArrowSchemaWriter.Write(new ArrowSchema([field]))));
        Assert.Equal("E_SCHEMA", refused.Code);
    }

    private static async Task<byte[]> WriteAsync(OutputForm form, ArrowTable rows)
    {
        using var output = new MemoryStream();
        var sink = form.Sink(ExtractSchemaBytes.Read(ArrowSchemaWriter.Write(rows.Schema)), OutputSchema.Of(rows.Schema), null, output);
        using var owned = sink as IDisposable;
        await sink.BeginAsync(default);
        await sink.WriteAsync(RecordBatchReader.Read(rows.Schema, rows.Write()), default);
        await sink.CompleteAsync(default);
        return output.ToArray();
    }
}
