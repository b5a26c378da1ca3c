using System.Security.Cryptography;
using System.Text;
using Delivery.Client.Extracts;
using Delivery.Client.Keys;
using Delivery.Client.Pseudonyms;
using Delivery.Client.Refusals;
using Delivery.Client.Sinks;
using Delivery.Protocol.Arrow;
using Delivery.Tests.Arrow;

namespace Delivery.Tests.Client;

/// <summary>What stands in a pulled file, and what never does.</summary>
public sealed class SinkTests : IDisposable
{
    private readonly PseudonymKeyFile _master = PseudonymKeyFile.Generate();
    private readonly AesPseudonymiser _pseudonymiser;

    public SinkTests() => _pseudonymiser = new AesPseudonymiser(_master, SampleResults.ProjectId);

    [Fact]
    public async Task An_Arrow_file_has_pseudonyms_for_CPR_numbers_and_everything_else_as_it_was()
    {
        var reader = new ArrowFileReader(await WriteAsync(OutputForm.ArrowFile));
        Assert.Equal(SampleResults.Tables.Count, reader.BatchCount);
        for (var index = 0; index < reader.BatchCount; index++)
        {
            Check(SampleResults.Tables[index], reader.ReadBatch(index));
        }
    }

    [Fact]
    public async Task An_Arrow_stream_has_the_same()
    {
        using var input = new MemoryStream(await WriteAsync(OutputForm.ArrowStream));
        var reader = await ArrowStreamReader.OpenAsync(input, new ArrowStreamLimits(), default);
        foreach (var table in SampleResults.Tables)
        {
            Check(table, (await reader.ReadBatchAsync(default))!);
        }

        Assert.Null(await reader.ReadBatchAsync(default));
        Assert.Equal(["DAN", "MAT"], reader.Dictionary(3).Values.AsEnumerable());
    }

    [Fact]
    public async Task A_CSV_file_is_this_text_and_no_other()
    {
        var p = SampleResults.Pupils.Select(Pseudonym).ToArray();
        Assert.Equal(
            "pseudonym,institution_number,tested_at,subject,grade,ability_logit\r\n"
            + $"{p[0]},101001,2015-03-10T10:00:00,DAN,2,-0.1\r\n"
            + $"{p[1]},101001,2015-03-10T10:01:01,DAN,2,\r\n"
            + $"{p[2]},101001,2015-10-25T02:59:59,MAT,6,1.5\r\n"
            + $"{p[0]},101001,2015-10-25T02:00:00,MAT,6,2.25\r\n"
            + $"{p[1]},101001,2015-07-16T00:40:00,MAT,6,\r\n"
            + $"{p[2]},101001,2015-07-16T01:40:00,DAN,8,0.30000000000000004\r\n",
            Encoding.UTF8.GetString(await WriteAsync(OutputForm.Csv)));
    }

    [Theory]
    [InlineData("ArrowFile")]
    [InlineData("ArrowStream")]
    [InlineData("Csv")]
    public async Task No_identifier_reaches_the_output(string form) =>
        Assert.False(SampleResults.HoldsPupil(await WriteAsync(Enum.Parse<OutputForm>(form))));

    [Fact]
    public void A_CPR_column_of_another_form_is_refused_rather_than_passed_on()
    {
        foreach (var type in (ArrowType[])[ArrowType.Utf8, ArrowType.FixedSizeBinary(11), ArrowType.Int64, ArrowType.Dictionary(1)])
        {
            var schema = new ArrowSchema([new ArrowField("cpr_number", type, false)]);
            Assert.Equal("E_SCHEMA", Assert.Throws<DeliveryClientException>(() => OutputSchema.Of(schema)).Code);
        }

        var nullable = new ArrowSchema([new ArrowField("cpr_number", ArrowType.FixedSizeBinary(10), true)]);
        Assert.Throws<DeliveryClientException>(() => OutputSchema.Of(nullable));
    }

    [Fact]
    public async Task An_extract_without_CPR_numbers_needs_no_pseudonymiser()
    {
        var schema = new ArrowSchema([new ArrowField("grade", ArrowType.Int8, false), new ArrowField("note", ArrowType.Utf8, true)]);
        var table = new ArrowTable(schema, [], [[(sbyte)2, (sbyte)3, (sbyte)4], ["a,\"b\"", "", null]]);
        using var output = new MemoryStream();
        using var sink = new CsvSink(OutputSchema.Of(schema), [], schema, null, output);
        await sink.BeginAsync(default);
        await sink.WriteAsync(RecordBatchReader.Read(schema, table.Write()), default);

        Assert.Equal("grade,note\r\n2,\"a,\"\"b\"\"\"\r\n3,\"\"\r\n4,\r\n", Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public async Task Rows_longer_than_the_buffer_are_written_whole()
    {
        var schema = new ArrowSchema([new ArrowField("note", ArrowType.Utf8, false)]);
        var texts = new[] { new string('a', 1_500_000), "b", new string('c', 900_000), new string('d', 400_000) };
        var table = new ArrowTable(schema, [], [texts]);
        using var output = new MemoryStream();
        using var sink = new CsvSink(OutputSchema.Of(schema), [], schema, null, output);
        await sink.WriteAsync(RecordBatchReader.Read(schema, table.Write()), default);

        Assert.Equal(string.Concat(texts.Select(text => text + "\r\n")), Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public void Base32_is_that_of_RFC_4648()
    {
        var text = new byte[16];
        Assert.Equal("mzxw6ytboi", Encoding.ASCII.GetString(text, 0, Base32.Encode("foobar"u8, text)));
        Assert.Equal("mzxw6yq", Encoding.ASCII.GetString(text, 0, Base32.Encode("foob"u8, text)));
        Assert.Equal(Base32.PseudonymLength, Base32.Encode(new byte[16], new byte[26]));
    }

    [Fact]
    public async Task A_file_appears_under_its_name_only_when_it_is_finished()
    {
        var folder = Directory.CreateTempSubdirectory();
        var name = Path.Combine(folder.FullName, "results.csv");
        await using (var abandoned = PartialFile.Create(name, overwrite: false))
        {
            await abandoned.WriteAsync("half"u8.ToArray());
            Assert.False(File.Exists(name));
        }

        Assert.Empty(folder.GetFiles());
        await using (var finished = PartialFile.Create(name, overwrite: false))
        {
            await finished.WriteAsync("whole"u8.ToArray());
            Assert.Equal(SHA256.HashData("whole"u8), finished.CurrentDigest());
            Assert.Throws<InvalidOperationException>(finished.Place);
            await finished.SettleAsync();
            finished.Sync();
            finished.Place();
        }

        Assert.Equal("whole", File.ReadAllText(name));
        Assert.Single(folder.GetFiles());
        Assert.Equal("E_OUTPUT_EXISTS", Assert.Throws<DeliveryClientException>(() => PartialFile.Create(name, overwrite: false)).Code);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Names_follow_the_programme_and_unknown_extensions_are_refused()
    {
        Assert.Equal("out/results.fno.arrow", OutputForms.NameFor("out/results.arrow", Delivery.Protocol.Domain.Programme.FNO));
        Assert.Equal("E_OUTPUT_FORMAT", Assert.Throws<DeliveryClientException>(() => OutputForms.Of("results.xlsx")).Code);
    }

    public void Dispose()
    {
        _pseudonymiser.Dispose();
        _master.Dispose();
    }

    private static void Check(ArrowTable sent, RecordBatch written)
    {
        Assert.Equal(["pseudonym", "institution_number", "tested_at", "subject", "grade", "ability_logit"], written.Schema.Fields.Select(field => field.Name));
        Assert.Equal(ArrowType.FixedSizeBinary(16), written.Schema.Fields[0].Type);
        Assert.Equal(ArrowType.Utf8, written.Schema.Fields[1].Type);
        for (var row = 0; row < written.RowCount; row++)
        {
            Assert.Equal("101001", written.Utf8(1, row));
        }

        Assert.Equal(sent.Columns[2..], ArrowTable.Read(written)[2..]);
    }

    private string Pseudonym(string pupil)
    {
        Span<byte> pseudonym = stackalloc byte[16];
        _pseudonymiser.Pseudonymise(Encoding.ASCII.GetBytes(pupil), pseudonym);
        Span<byte> text = stackalloc byte[26];
        return Encoding.ASCII.GetString(text[..Base32.Encode(pseudonym, text)]);
    }

    private async Task<byte[]> WriteAsync(OutputForm form)
    {
        using var output = new MemoryStream();
        var schema = OutputSchema.Of(SampleResults.Schema);
        var sink = form.Sink(ExtractSchemaBytes.Read(SampleResults.SchemaBytes), schema, _pseudonymiser, output);
        using var owned = sink as IDisposable;
        await sink.BeginAsync(default);
        foreach (var table in SampleResults.Tables)
        {
            await sink.WriteAsync(RecordBatchReader.Read(SampleResults.Schema, table.Write()), default);
        }

        await sink.CompleteAsync(default);
        return output.ToArray();
    }
}
