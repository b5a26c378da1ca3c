using Delivery.Protocol.Log;

namespace Delivery.Tests.Log;

public sealed class LeafPrivacyTests
{
    // From the synthetic numbers of the domain: no person has it.
    private const string SyntheticCpr = "7503084001";

    [Fact]
    public void Nothing_shaped_like_a_cpr_number_enters_any_field()
    {
        string[] shaped = [SyntheticCpr, "750308-4001", "x" + SyntheticCpr + "y", "A/750308-4125", "750308ABC1", "750308-ABC1"];
        foreach (var type in Enum.GetValues<LeafType>())
        {
            foreach (var (name, value) in SampleLeaves.Members(type).Where(member => member.Value is JsonText or JsonArray))
            {
                foreach (var text in shaped)
                {
                    JsonValue planted = value is JsonArray ? new JsonArray([new JsonText(text)]) : new JsonText(text);
                    var bytes = SampleLeaves.Altered(type, members => members[name] = planted);
                    var refusal = Assert.Throws<LeafException>(() => Leaf.Parse(bytes));
                    Assert.DoesNotContain("750308", refusal.ToString(), StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public void A_draft_with_a_cpr_number_is_refused_before_it_reaches_the_log()
    {
        var byProject = Assert.Throws<LeafException>(
            () => LeafDraft.ProjectClosed(SampleLeaves.Actor, SyntheticCpr, "CLOSED_DELETED"));
        Assert.Equal(LeafException.FieldCprShaped, byProject.Code);
        var byActor = Assert.Throws<LeafException>(() => LeafDraft.AccessChanged(
            new LeafActor("STIL", SyntheticCpr, SampleLeaves.Digest("a")), SampleLeaves.Digest("b")));
        Assert.Equal(LeafException.FieldCprShaped, byActor.Code);
    }

    [Theory]
    [InlineData("707123", false)]
    [InlineData("2014/2015", false)]
    [InlineData("extract-000000041", false)]
    [InlineData("123456-ABC1", false)]
    [InlineData("1234567890", true)]
    [InlineData("123456-7890", true)]
    public void What_counts_as_cpr_shaped(string text, bool shaped) => Assert.Equal(shaped, FieldShapes.IsCprShaped(text));

    [Fact]
    public void Ten_digits_within_a_hash_are_a_hash()
    {
        var hash = LogHash.FromHex("1234567890" + new string('a', 54));
        var draft = LeafDraft.AccessChanged(SampleLeaves.Actor, hash);
        Assert.Equal(hash, Leaf.Parse(Leaf.Compose(draft, SampleLeaves.Origin, 0, 0)).Hash("role_table_hash"));
    }
}
