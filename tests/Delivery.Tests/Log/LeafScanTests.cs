using System.Text;
using Delivery.Protocol.Log;

namespace Delivery.Tests.Log;

/// <summary>The scan that every database of the tests goes through before it is thrown away.</summary>
public sealed class LeafScanTests
{
    [Fact]
    public void Every_type_of_leaf_passes() => Assert.All(
        SampleLeaves.All.Index(), draft => Assert.Null(LeafScan.Finding(Leaf.Compose(draft.Item, SampleLeaves.Origin, draft.Index, 1_766_000_000_000 + draft.Index))));

    [Theory]
    [InlineData("750308-4001", "CPR")]
    [InlineData("x7503084001", "CPR")]
    [InlineData("750308ABC1", "CPR")]
    [InlineData("900008", "institution")]
    [InlineData("school/900008", "institution")]
    [InlineData("Eksempeluniversitetet", "name")]
    [InlineData("Anders And", "name")]
    public void What_no_leaf_may_say_is_found(string planted, string found)
    {
        var leaf = Leaf.Compose(SampleLeaves.All[0], SampleLeaves.Origin, 0, 1_766_000_000_000);
        var altered = Encoding.UTF8.GetString(leaf).Replace(SampleLeaves.Origin, planted, StringComparison.Ordinal);
        Assert.Contains(found, LeafScan.Finding(Encoding.UTF8.GetBytes(altered)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cpr_number_is_found_without_quotation_marks_too() =>
        Assert.NotNull(LeafScan.Finding("{\"t\":\"receipt\",\"row_count\":7503084001,\"v\":1}"u8.ToArray()));
}
