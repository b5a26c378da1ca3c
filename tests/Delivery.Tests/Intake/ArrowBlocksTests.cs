using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Delivery.Client.Synthetic;
using Delivery.Protocol.Arrow;
using Delivery.Protocol.Domain;
using Delivery.Server.Intake;
using Delivery.Server.Refusals;
using Delivery.Tests.Arrow;
using FsCheck;
using FsCheck.Fluent;

namespace Delivery.Tests.Intake;

/// <summary>Rows of an Arrow file become the lines a CSV file has, or the file is refused, whatever its bytes are.</summary>
public class ArrowBlocksTests
{
    private static readonly string[] Names = SyntheticCsvWriter.Header.Split(',');

    private static readonly string[] Texts = ["NT", "", "a,b", "\"", "\"\"x", "a\"b,\"c", "æøå", " ", "2014/2015"];

    [Fact]
    public async Task Every_row_is_the_line_it_has_in_csv_whatever_the_types()
    {
        var csv = await CsvAsync(3_000);
        foreach (var types in new Func<string, ArrowType>[] { ArrowResults.Text, ArrowResults.Typed, ArrowResults.OtherwiseTyped })
        {
            Assert.Equal(csv.Skip(1), await LinesAsync(await ArrowResults.FileAsync(csv, types), 100_003));
            Assert.Equal(csv.Skip(1), await LinesAsync(await ArrowResults.StreamAsync(csv, types), 7));
        }
    }

    [Fact]
    public async Task Columns_may_stand_in_any_order()
    {
        var csv = await CsvAsync(50);
        var turned = csv.Select(line => string.Join(',', line.Split(',').Reverse()));
        Assert.Equal(csv.Skip(1), await LinesAsync(await ArrowResults.FileAsync(turned, ArrowResults.Typed), 1000));
    }

    [Fact]
    public void Every_text_is_a_field_and_every_number_is_read_as_itself() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(
            (from text in Gen.Elements(Texts)
             from number in ArbMap.Default.GeneratorFor<double>()
             from whole in ArbMap.Default.GeneratorFor<int>()
             select (text, number, whole)).ToArbitrary(),
            value => IsKept(value.text, value.number, value.whole)));

    [Fact]
    public async Task A_line_end_in_a_text_begins_no_line()
    {
        var lines = await LinesAsync(await WriteAsync(Row(("subject", "D\r\nN"))), 64);
        Assert.Contains("\"D\u001a\u001aN\"", Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_that_is_no_whole_second_or_no_time_is_left_a_number()
    {
        foreach (var time in new[] { 1, -1, long.MaxValue, long.MinValue, long.MaxValue / 1000 * 1000 })
        {
            var line = Assert.Single(await LinesAsync(await WriteAsync(Row(("tested_at", time))), 64));
            Assert.StartsWith($",,{time.ToString(CultureInfo.InvariantCulture)},", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_altered_byte_gives_rows_or_a_refusal()
    {
        foreach (var file in new[] { await SmallAsync(asFile: true), await SmallAsync(asFile: false) })
        {
            for (var at = 0; at < file.Length; at++)
            {
                foreach (var change in new byte[] { 0x01, 0x80, 0xFF })
                {
                    var bent = file.ToArray();
                    bent[at] ^= change;
                    await JudgeAsync(bent);
                }
            }
        }
    }

    [Fact]
    public async Task A_file_cut_anywhere_is_refused()
    {
        foreach (var file in new[] { await SmallAsync(asFile: true), await SmallAsync(asFile: false) })
        {
            for (var length = 8; length < file.Length; length++)
            {
                Assert.Equal("E_ARROW_FORMAT", (await JudgeAsync(file[..length]))?.Code);
            }

            Assert.Null(await JudgeAsync(file));
            Assert.Equal("E_ARROW_FORMAT", (await JudgeAsync([.. file, 0]))?.Code);
        }
    }

    private static bool IsKept(string text, double number, int whole)
    {
        var line = Assert.Single(LinesAsync(WriteAsync(Row(("subject", text), ("ability_logit", number), ("points_0_50", whole))).GetAwaiter().GetResult(), 500).GetAwaiter().GetResult());
        var fields = new CsvLines(Encoding.UTF8.GetBytes(line), new CsvFormat(CsvText.Utf8, (byte)',', 1024), new int[Names.Length], new ArrayBufferWriter<byte>());
        Assert.True(fields.MoveNext());
        Assert.Equal((LineFault.None, Names.Length), (fields.Fault, fields.FieldCount));
        Assert.Equal(text, Encoding.UTF8.GetString(fields[(int)ResultsColumn.Subject]));
        Assert.True(RowFields.TryWhole(fields[(int)ResultsColumn.Points0To50], out var wholeRead) && wholeRead == whole);
        Assert.True(RowFields.TryDecimal(fields[(int)ResultsColumn.AbilityLogit], out var read));
        return BitConverter.DoubleToInt64Bits(read!.Value) == BitConverter.DoubleToInt64Bits(number) || double.IsNaN(number);
    }

    // One row with these values and no others.
    private static ArrowTable Row(params (string Column, object Value)[] values) => new(
        new ArrowSchema([.. Names.Select(name => new ArrowField(name, TypeInRow(name), true))]),
        [],
        [.. Names.Select(name => new[] { values.FirstOrDefault(value => value.Column == name).Value })]);

    private static ArrowType TypeInRow(string name) => name == "points_0_50" ? ArrowType.Int32
        : ArrowResults.OtherwiseTyped(name) is { Kind: not ArrowKind.Dictionary } type ? type
        : ArrowType.Utf8;

    private static Task<byte[]> WriteAsync(ArrowTable table) => ArrowResults.WriteAsync([table], asFile: true);

    private static async Task<byte[]> SmallAsync(bool asFile) => await ArrowResults.WriteAsync(ArrowResults.Tables((await CsvAsync(200)).Take(4), ArrowResults.Typed), asFile);

    private static async Task<string[]> CsvAsync(int rows)
    {
        using var made = new MemoryStream();
        await SyntheticCsvWriter.WriteAsync(new SyntheticResults(rows, 5, 0.1), made);
        return [.. Encoding.UTF8.GetString(made.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => string.Join(',', line.Split(',').Select(Shortest)))];
    }

    // A number is the same with and without zeros at its end; a number that was no text is written without.
    private static string Shortest(string field) =>
        field.Contains('.', StringComparison.Ordinal) ? double.Parse(field, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture) : field;

    // The lines of a file that arrives in pieces of so many bytes.
    private static async Task<IReadOnlyList<string>> LinesAsync(byte[] bytes, int piece)
    {
        await using var file = Arriving(bytes, piece);
        using var blocks = new ArrowBlocks(file, await file.FormAsync(default));
        var lines = new List<string>();
        while (await blocks.NextAsync(default) is { } block)
        {
            using (block)
            {
                Assert.Equal(lines.Count + 1, block.FirstRow);
                lines.AddRange(Encoding.UTF8.GetString(block.Text).Split('\n', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return lines;
    }

    // Reads and judges a file as an import does; the refusal, or null.
    private static async Task<RefusedException?> JudgeAsync(byte[] bytes)
    {
        await using var file = Arriving(bytes, 4096);
        var form = await file.FormAsync(default);
        if (form == FileForm.Csv)
        {
            return null;
        }

        using var blocks = new ArrowBlocks(file, form);
        try
        {
            while (await blocks.NextAsync(default) is { } block)
            {
                var judged = new RowJudge(blocks.Header(block), blocks.Format, Rules).Judge(block, new JudgedBlock());
                if (judged.Refusal is { } refusal)
                {
                    return refusal;
                }

                judged.Clear();
            }

            return null;
        }
        catch (RefusedException refused)
        {
            return refused;
        }
    }

    private static FrozenDictionary<int, RowRules> Rules { get; } = RowJudge.Rules(CprPolicy.Synthetic);

    private static IncomingFile Arriving(byte[] bytes, int piece)
    {
        var at = 0;
        return new IncomingFile((room, _) =>
        {
            var count = Math.Min(Math.Min(room.Length, piece), bytes.Length - at);
            bytes.AsMemory(at, count).CopyTo(room);
            at += count;
            return ValueTask.FromResult(count);
        });
    }
}
