using Delivery.Protocol.Log;

namespace Delivery.Tests.Log;

public sealed class CompactRangeTests
{
    private const int Size = 600;

    [Fact]
    public void The_frontier_states_the_root_of_every_size_and_survives_storage()
    {
        var oracle = new TreeOracle(Size);
        var range = new CompactRange();
        for (var size = 1; size <= Size; size++)
        {
            range.Append(oracle[size - 1]);
            range = CompactRange.Decode(range.Encode());
            Assert.Equal(size, range.Size);
            Assert.Equal(oracle.Root(size), range.Root());
        }
    }

    [Fact]
    public void Every_completed_node_is_reported_once_with_its_hash()
    {
        var oracle = new TreeOracle(Size);
        var range = new CompactRange();
        var reported = new Dictionary<LogNode, LogHash>();
        for (var index = 0; index < Size; index++)
        {
            range.Append(oracle[index], reported.Add);
        }

        Assert.All(reported, node => Assert.Equal(oracle.Source(node.Key), node.Value));
        Assert.Equal(Enumerable.Range(0, 10).Sum(level => Size >> level), reported.Count);
    }

    [Fact]
    public void A_copy_goes_its_own_way()
    {
        var oracle = new TreeOracle(4);
        var range = new CompactRange();
        range.Append(oracle[0]);
        var copy = range.Copy();
        copy.Append(oracle[1]);
        Assert.Equal(1, range.Size);
        Assert.Equal(oracle.Root(1), range.Root());
        Assert.Equal(oracle.Root(2), copy.Root());
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000000000000")]
    [InlineData("0000000000000001")]
    [InlineData("000000000000000000")]
    [InlineData("8000000000000000")]
    public void A_frontier_of_the_wrong_length_is_refused(string hex)
    {
        var refusal = Assert.Throws<LogFormatException>(() => CompactRange.Decode(Convert.FromHexString(hex)));
        Assert.Equal(LogFormatException.Frontier, refusal.Code);
    }
}
