using System.Buffers;
using System.Text;
using CsvHelper;
using Delivery.Server.Intake;
using FsCheck;
using FsCheck.Fluent;

namespace Delivery.Tests.Intake;

/// <summary>Our own reader of lines and fields, held to CsvHelper's over any text of the letters that matter.</summary>
public class CsvLinesTests
{
    private const int LineBytesMax = 1 << 16;

    private static readonly string[] Parts = ["a", "7", ".", "å", "\"", "\"\"", ",", ",", "\r\n", "\n", "\",\"", " ", "\0", ""];

    // What CsvHelper leaves open, the page on the format decides: docs/results-csv.md.
    private static readonly Gen<string> Texts = Gen.Elements(Parts).ListOf().Select(parts => string.Concat(parts));

    [Fact]
    public void Every_text_reads_as_the_library_reads_it() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(20_000),
        Prop.ForAll(Texts.ToArbitrary(), text => Read(text, ',').SequenceEqual(ReadByLibrary(text))));

    [Fact]
    public void A_line_written_with_quotation_marks_around_every_field_reads_as_its_fields() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1_000),
        Prop.ForAll(
            Gen.Elements("a", "", "1,5", "a\"b", "x;y", "å").ArrayOf().Where(fields => fields.Length is > 0 and < 8).ToArbitrary(),
            fields => Read(string.Join(';', fields.Select(field => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\n", ';')
                .SequenceEqual([string.Join('|', fields)])));

    [Fact]
    public void A_line_as_long_as_allowed_is_read_and_one_longer_is_not()
    {
        Assert.Equal([new string('7', LineBytesMax)], Read(new string('7', LineBytesMax) + "\r\n", ','));
        Assert.Equal(["TooLong"], Read(new string('7', LineBytesMax + 1) + "\r\n", ','));
    }

    [Fact]
    public void Fields_beyond_the_room_for_them_are_counted_and_not_kept()
    {
        var lines = new CsvLines(Encoding.ASCII.GetBytes(new string(',', 1_000_000)), new CsvFormat(CsvText.Utf8, (byte)',', 2_000_000), new int[4], new ArrayBufferWriter<byte>());
        Assert.True(lines.MoveNext());
        Assert.Equal((LineFault.None, 1_000_001), (lines.Fault, lines.FieldCount));
    }

    // A line as its fields joined, or as what is wrong with it; nothing after that.
    private static List<string> Read(string text, char delimiter)
    {
        var read = new List<string>();
        var lines = new CsvLines(Encoding.UTF8.GetBytes(text), new CsvFormat(CsvText.Utf8, (byte)delimiter, LineBytesMax), new int[1024], new ArrayBufferWriter<byte>());
        while (lines.MoveNext())
        {
            if (lines.Fault != LineFault.None)
            {
                read.Add(lines.Fault.ToString());
                break;
            }

            // The judge passes over empty lines, as the library does.
            if (lines.Length == 0)
            {
                continue;
            }

            var fields = new List<string>();
            for (var field = 0; field < lines.FieldCount; field++)
            {
                fields.Add(Encoding.UTF8.GetString(lines[field]));
            }

            read.Add(string.Join('|', fields));
        }

        return read;
    }

    private static List<string> ReadByLibrary(string text)
    {
        var read = new List<string>();
        using var reader = CsvReader.Create(new MemoryStream(Encoding.UTF8.GetBytes(text)), new CsvReaderOptions
        {
            Separator = ',', HasHeader = false, MalformedData = CsvMalformedDataHandling.Throw, AllowLineBreaksInQuotes = false, MaxRecordSize = LineBytesMax,
        });
        try
        {
            while (reader.Read())
            {
                read.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)));
            }
        }
        catch (CsvFormatException)
        {
            read.Add(nameof(LineFault.Quote));
        }

        return read;
    }
}
