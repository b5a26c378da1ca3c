using System.Text;
using Delivery.Server.Intake;
using Delivery.Server.Refusals;
using FsCheck;
using FsCheck.Fluent;

namespace Delivery.Tests.Intake;

public class CheckedTextStreamTests
{
    private const int LineBytesMax = 40;

    private static readonly byte[] Text = Encoding.UTF8.GetBytes("æ,ø,å\n€uro,𝄞,x\r\nÆØÅ€𝄞");

    [Fact]
    public void Text_passes_unchanged_however_it_is_cut()
    {
        for (var first = 0; first <= Text.Length; first++)
        {
            for (var second = first; second <= Text.Length; second++)
            {
                Assert.Equal(Text, ReadAll(Text[..first], Text[first..second], Text[second..]));
            }
        }
    }

    [Fact]
    public void Text_passes_unchanged_one_byte_at_a_time() => Assert.Equal(Text, ReadAll([.. Text.Select(one => new[] { one })]));

    [Theory]
    [InlineData("80")]
    [InlineData("C0AF")]
    [InlineData("E28261")]
    [InlineData("EDA080")]
    [InlineData("F4908080")]
    [InlineData("F0288CBC")]
    [InlineData("FF")]
    [InlineData("61E6622C")]
    public void Bytes_that_are_no_text_are_refused_wherever_they_are_cut(string hex)
    {
        var wrong = Convert.FromHexString(hex);
        byte[] file = [.. "a,b\n"u8, .. wrong, .. "\nc,d\n"u8];
        for (var cut = 0; cut <= file.Length; cut++)
        {
            Assert.Equal("E_CSV_ENCODING", Assert.Throws<RefusedException>(() => ReadAll(file[..cut], file[cut..])).Code);
        }
    }

    [Fact]
    public void A_character_that_never_ends_is_refused()
    {
        foreach (var letter in new[] { "æ", "€", "𝄞" })
        {
            var bytes = Encoding.UTF8.GetBytes(letter);
            for (var kept = 1; kept < bytes.Length; kept++)
            {
                Assert.Equal("E_CSV_ENCODING", Assert.Throws<RefusedException>(() => ReadAll([.. "a,"u8], bytes[..kept])).Code);
            }
        }
    }

    [Fact]
    public void What_the_decoder_would_refuse_is_refused_and_nothing_else() => Prop.ForAll<byte[], int>((bytes, seed) =>
    {
        var cut = bytes.Length == 0 ? 0 : Math.Abs(seed % (bytes.Length + 1));
        var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        var isText = Record.Exception(() => strict.GetString(bytes)) is null;
        var passes = Record.Exception(() => ReadAll(int.MaxValue, true, bytes[..cut], bytes[cut..])) is null;
        Assert.Equal(isText, passes);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Another_encoding_is_not_judged() => Assert.Equal([0xe6, (byte)'\n', 0xff], ReadAll(LineBytesMax, false, [0xe6, (byte)'\n'], [0xff]));

    [Theory]
    [InlineData(LineBytesMax, true)]
    [InlineData(LineBytesMax + 1, false)]
    public void A_line_may_be_as_long_as_allowed_and_no_longer(int length, bool passes)
    {
        byte[] file = [.. "a\n"u8, .. Enumerable.Repeat((byte)'x', length), .. "\nb\n"u8];
        for (var cut = 0; cut <= file.Length; cut++)
        {
            var caught = Record.Exception(() => ReadAll(file[..cut], file[cut..]));
            Assert.Equal(passes, caught is null);
            Assert.True(passes || caught is RefusedException { Code: "E_CSV_LINE_TOO_LONG" });
        }
    }

    [Fact]
    public void A_line_without_end_is_refused_before_it_is_held()
    {
        using var stream = new CheckedTextStream(new Endless(), LineBytesMax, mustBeUtf8: true);
        var read = 0L;

        var refused = Assert.Throws<RefusedException>(ReadOn);

        Assert.Equal("E_CSV_LINE_TOO_LONG", refused.Code);
        Assert.InRange(read, 1, LineBytesMax);

        void ReadOn()
        {
            var buffer = new byte[16];
            while (read < 1 << 20)
            {
                read += stream.Read(buffer, 0, buffer.Length);
            }
        }
    }

    [Fact]
    public async Task Reading_without_blocking_is_the_same_reading()
    {
        await using var stream = new CheckedTextStream(new Pieces([Text]), LineBytesMax, mustBeUtf8: true);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        Assert.Equal(Text, copy.ToArray());
    }

    private static byte[] ReadAll(params byte[][] pieces) => ReadAll(LineBytesMax, true, pieces);

    private static byte[] ReadAll(int lineBytesMax, bool mustBeUtf8, params byte[][] pieces)
    {
        using var stream = new CheckedTextStream(new Pieces(pieces), lineBytesMax, mustBeUtf8);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    // Gives exactly one piece a read, so that cuts fall where the test wants them.
    private sealed class Pieces(IReadOnlyList<byte[]> pieces) : MemoryStream
    {
        private readonly Queue<byte[]> _left = new(pieces.Where(piece => piece.Length > 0));

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (!_left.TryDequeue(out var piece))
            {
                return 0;
            }

            piece.CopyTo(buffer, offset);
            return piece.Length;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_left.TryDequeue(out var piece))
            {
                return ValueTask.FromResult(0);
            }

            piece.CopyTo(buffer);
            return ValueTask.FromResult(piece.Length);
        }

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class Endless : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)'x');
            return count;
        }
    }
}
