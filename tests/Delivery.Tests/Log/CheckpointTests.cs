using Delivery.Protocol.Log;

namespace Delivery.Tests.Log;

public sealed class CheckpointTests
{
    private const string EmptyRoot = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    private const string OtherRoot = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    [Fact]
    public void A_checkpoint_is_three_lines()
    {
        var text = "log.example/a\n0\n" + EmptyRoot + "\n";
        Assert.Equal(text, new Checkpoint("log.example/a", 0, LogHash.Empty).Encode());
        Assert.Equal(new Checkpoint("log.example/a", 0, LogHash.Empty), Checkpoint.Parse(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("log.example/a\n1\n" + OtherRoot)]
    [InlineData("log.example/a\n1\n" + OtherRoot + "\nan extension\n")]
    [InlineData("log.example/a\n1\n" + OtherRoot + "\n\n")]
    [InlineData("\n1\n" + OtherRoot + "\n")]
    [InlineData("a log\n1\n" + OtherRoot + "\n")]
    [InlineData("cosignature/v1\n1\n" + OtherRoot + "\n")]
    [InlineData("log.example/a\n01\n" + OtherRoot + "\n")]
    [InlineData("log.example/a\n+1\n" + OtherRoot + "\n")]
    [InlineData("log.example/a\n-1\n" + OtherRoot + "\n")]
    [InlineData("log.example/a\n 1\n" + OtherRoot + "\n")]
    [InlineData("log.example/a\n9007199254740992\n" + OtherRoot + "\n")]
    [InlineData("log.example/a\n99999999999999999999\n" + OtherRoot + "\n")]
    [InlineData("log.example/a\n1\nAAAA\n")]
    [InlineData("log.example/a\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n")]
    [InlineData("log.example/a\n0\n" + OtherRoot + "\n")]
    public void Another_spelling_or_an_extension_line_is_refused(string text) => Assert.Equal(
        LogFormatException.Checkpoint, Assert.Throws<LogFormatException>(() => Checkpoint.Parse(text)).Code);
}
