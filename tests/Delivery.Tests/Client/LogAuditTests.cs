using Delivery.Client.Refusals;
using Delivery.Protocol.Log;
using Delivery.Tests.Log;

namespace Delivery.Tests.Client;

/// <summary>What an auditor, and anyone else, may conclude from a log that a server shows.</summary>
public sealed class LogAuditTests(TestServer server) : IClassFixture<TestServer>, IDisposable
{
    private readonly List<SampleLog> _logs = [];

    [Fact]
    public async Task Who_sees_every_leaf_has_the_whole_log_recomputed()
    {
        Serve(21);
        using var client = server.Client();
        var report = await client.Log.VerifyAsync(Policy());

        Assert.Equal((21L, 21L, 21L, true, null), (report.LogSize, report.LeavesSeen, report.LeavesProven, report.IsWhole, report.PreviousSize));
        server.Log.Grow(12);
        Assert.Equal((33L, 21L), await Sizes(client));
    }

    [Fact]
    public async Task Who_sees_some_leaves_has_each_of_them_proven_while_the_log_grows()
    {
        Serve(21);
        server.IsVisible = index => index % 3 == 1;
        using var client = server.Client();
        var report = await client.Log.VerifyAsync(Policy());

        Assert.Equal((7L, 7L, false), (report.LeavesSeen, report.LeavesProven, report.IsWhole));
    }

    [Fact]
    public async Task A_leaf_other_than_the_logged_one_is_noticed_by_either()
    {
        Serve(21);
        server.BendLeaf = (index, leaf) => index == 4 ? Leaf.Compose(SampleLeaves.All[0], SampleLeaves.Origin, 4, SampleLeaves.TimestampMs) : leaf;
        using var client = server.Client();

        Assert.Equal("LeafNotIncluded", (await Assert.ThrowsAsync<ProofRefusedException>(() => client.Log.VerifyAsync(Policy()))).Detail);
        server.IsVisible = index => index == 4;
        Assert.Equal("LeafMisplaced", (await Assert.ThrowsAsync<ProofRefusedException>(() => client.Log.VerifyAsync(Policy()))).Detail);
    }

    [Fact]
    public async Task A_log_that_became_shorter_or_has_another_past_is_a_fork()
    {
        Serve(21);
        using var client = server.Client();
        var policy = Policy();
        await client.Log.VerifyAsync(policy);
        var honest = server.Log;
        foreach (var size in (int[])[20, 21, 30])
        {
            // Same name and another key: the policy takes both, as during a rotation.
            Serve(size, first: 1);
            File.WriteAllText(policy, new LogPolicy(SampleLeaves.Origin, [honest.LogSigner.Verifier, server.Log.LogSigner.Verifier]).Encode());
            Assert.Equal("E_LOG_FORKED", (await Assert.ThrowsAsync<ProofRefusedException>(() => client.Log.VerifyAsync(policy))).Code);
        }
    }

    [Fact]
    public async Task A_checkpoint_by_an_unknown_key_is_refused()
    {
        Serve(21);
        var policy = Policy();
        Serve(21);
        using var client = server.Client();

        Assert.Equal("SignatureMissing", (await Assert.ThrowsAsync<ProofRefusedException>(() => client.Log.VerifyAsync(policy))).Detail);
    }

    [Fact]
    public async Task Leaves_are_listed_with_their_type_and_time()
    {
        Serve(5);
        using var client = server.Client();
        var types = new List<string>();
        await foreach (var entry in client.Log.ListAsync(first: 2))
        {
            Assert.Equal(SampleLeaves.TimestampMs, entry.Time.ToUnixTimeMilliseconds());
            types.Add(entry.Type);
        }

        Assert.Equal(["access.changed", "approval.pushed", "approval.amended"], types);
    }

    public void Dispose()
    {
        server.IsVisible = _ => true;
        server.BendLeaf = (_, leaf) => leaf;
        _logs.ForEach(log => log.Dispose());
    }

    private async Task<(long Now, long? Before)> Sizes(Delivery.Client.DeliveryClient client)
    {
        var report = await client.Log.VerifyAsync(Policy());
        return (report.LogSize, report.PreviousSize);
    }

    private void Serve(int size, int first = 0)
    {
        server.Log = new SampleLog(0);
        _logs.Add(server.Log);
        for (var index = 0; index < size; index++)
        {
            var draft = SampleLeaves.All[(first + index) % SampleLeaves.All.Count];
            server.Log.AppendRaw(Leaf.Compose(draft, SampleLeaves.Origin, index, SampleLeaves.TimestampMs));
        }
    }

    private string Policy()
    {
        var file = server.At("policy");
        File.WriteAllText(file, server.Log.Policy().Encode());
        return file;
    }
}
