using System.Text;
using Delivery.Server.Intake;
using Delivery.Server.Refusals;
using FsCheck;
using FsCheck.Fluent;

namespace Delivery.Tests.Intake;

/// <summary>A file cut into blocks is the same file, whatever pieces it arrives in.</summary>
public class TextBlocksTests
{
    private const int LineBytesMax = 1024;

    private static readonly CsvFormat Format = new(CsvText.Utf8, (byte)',', LineBytesMax);

    [Fact]
    public void Blocks_are_whole_lines_that_together_are_the_file() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(40),
        Prop.ForAll(
            (from lines in Gen.Choose(0, 6_000)
             from length in Gen.Choose(0, LineBytesMax)
             from piece in Gen.Choose(1, 700_000)
             from end in Gen.Elements("\n", "\r\n", "")
             select (lines, length, piece, end)).ToArbitrary(),
            file => IsWhole(file.lines, file.length, file.piece, file.end)));

    [Fact]
    public async Task A_byte_order_mark_is_left_out_of_utf8_and_kept_in_windows1252()
    {
        byte[] file = [0xEF, 0xBB, 0xBF, (byte)'a', (byte)'\n'];
        Assert.Equal("a\n", string.Concat(await CutAsync(file, 2, Format)));
        Assert.Equal("ï»¿a\n", string.Concat(await CutAsync(file, 2, Format with { Text = CsvText.Windows1252 })));
        Assert.Empty(await CutAsync(file[..3], 1, Format));
    }

    [Fact]
    public async Task A_line_without_end_is_refused_with_its_number_before_it_is_read_to_its_end()
    {
        var sent = 0L;
        using var blocks = new TextBlocks((room, _) =>
        {
            room.Span.Fill((byte)'7');
            if (sent == 0)
            {
                "header\nrow\n"u8.CopyTo(room.Span);
            }

            sent += room.Length;
            return ValueTask.FromResult(room.Length);
        }, Format);
        var refused = await Assert.ThrowsAsync<RefusedException>(async () => await blocks.NextAsync(CancellationToken.None));
        Assert.Equal(("E_CSV_LINE_TOO_LONG", "row 2"), (refused.Code, refused.Refusals[0].Subject));
        Assert.True(sent < 4 << 20, "Far more than a block was read.");
    }

    private static bool IsWhole(int lines, int length, int piece, string end)
    {
        var file = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, lines).Select(line => new string((char)('a' + (line % 26)), length) + "\n")) + new string('z', length) + end);
        var cut = CutAsync(file, piece, Format).GetAwaiter().GetResult();
        return string.Concat(cut) == Encoding.ASCII.GetString(file) && cut.SkipLast(1).All(block => block.EndsWith('\n'));
    }

    private static async Task<List<string>> CutAsync(byte[] file, int piece, CsvFormat format)
    {
        var at = 0;
        using var blocks = new TextBlocks((room, _) =>
        {
            var count = Math.Min(Math.Min(piece, room.Length), file.Length - at);
            file.AsMemory(at, count).CopyTo(room);
            at += count;
            return ValueTask.FromResult(count);
        }, format);
        var (cut, lines) = (new List<string>(), 0L);
        while (await blocks.NextAsync(CancellationToken.None) is { } block)
        {
            using (block)
            {
                Assert.Equal(lines, block.FirstRow);
                cut.Add(Encoding.Latin1.GetString(block.Text));
                lines += block.Text.Count((byte)'\n');
            }
        }

        return cut;
    }
}
