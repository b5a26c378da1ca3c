using System.Security.Cryptography;
using Delivery.Protocol.Log;
using Delivery.Server.Extracts;

namespace Delivery.Tests.Extracts;

public sealed class UnendedCallsTests
{
    [Fact]
    public void A_call_is_kept_with_its_first_reason_until_it_is_ended()
    {
        var (calls, id) = (new UnendedCalls(), RandomNumberGenerator.GetBytes(LogHash.SizeBytes));
        calls.Note(id, "CALL_CUT");
        calls.Note(id, "E_STORE_UNAVAILABLE");
        var reasons = calls.All();
        Assert.Equal("CALL_CUT", Assert.Single(reasons).Value);
        calls.Forget(reasons);
        Assert.False(calls.HasAny);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(LogHash.SizeBytes - 1)]
    [InlineData(4 << 20)]
    public void What_cannot_be_the_id_of_a_call_is_not_kept(int sizeBytes)
    {
        var calls = new UnendedCalls();
        calls.Note(new byte[sizeBytes], "E_STORE_UNAVAILABLE");
        Assert.False(calls.HasAny);
    }
}
