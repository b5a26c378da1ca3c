using Delivery.Protocol.Log;
using Delivery.Server.TransferLog;
using Delivery.Tests.Log;

namespace Delivery.Tests.TransferLog;

/// <summary>What a running server notices of a log that somebody altered beneath it.</summary>
public sealed class LogPatrolTests
{
    // Two full tiles and a right edge.
    private const int Calls = 150;
    private const int Tiles = 3;

    [Fact]
    public async Task A_sound_log_holds_everywhere_and_at_every_size_around_a_tile()
    {
        await using var log = await SoundLog.MakeAsync(Calls);
        Assert.Equal(Enumerable.Repeat(true, Tiles), Held(log));
        await using var small = await SoundLog.MakeAsync(63);
        for (var size = 254; size <= 258; size++)
        {
            Assert.DoesNotContain(false, Held(small));
            await small.AddAsync(SoundLog.Opened(SampleCall(size)));
        }
    }

    [Theory]
    [InlineData("UPDATE log_leaf SET body = CAST(replace(CAST(body AS TEXT), '\"v\":1', '\"v\":2') AS BLOB) WHERE idx = 300", 1)]
    [InlineData("UPDATE log_leaf SET body = CAST(replace(CAST(body AS TEXT), '\"v\":1', '\"v\":2') AS BLOB) WHERE idx = 600", 2)]
    [InlineData("UPDATE log_leaf SET leaf_hash = zeroblob(32) WHERE idx = 600", 2)]
    [InlineData("DELETE FROM log_leaf WHERE idx = 10", 0)]
    [InlineData("DELETE FROM log_leaf WHERE idx = 601", 2)]
    [InlineData("UPDATE log_tile SET hashes = zeroblob(8192) WHERE idx = 0", 0)]
    [InlineData("UPDATE log_tile SET root = zeroblob(32) WHERE idx = 1", 2)]
    public async Task Whatever_is_altered_the_patrol_comes_past_it(string sql, int tile)
    {
        await using var log = await SoundLog.MakeAsync(Calls);
        await log.AlterAsync(sql);
        Assert.False(Held(log)[tile]);
    }

    [Fact]
    public async Task An_altered_leaf_is_proven_to_nobody_meanwhile()
    {
        await using var log = await SoundLog.MakeAsync(Calls);
        await log.AlterAsync("UPDATE log_leaf SET body = CAST(replace(CAST(body AS TEXT), '\"rows\":', '\"rowz\":') || ' ' AS BLOB) WHERE idx = 300");
        var proven = await log.Checkpoints.ProveAsync(300, knownSize: 0, CancellationToken.None);
        Assert.Equal(LogProofCode.LeafNotIncluded, LogProofVerifier.Verify(LogPolicy.Parse(log.Policy), proven.Leaf, proven.Proof).Code);
    }

    private static LogHash SampleCall(int of) => SampleLeaves.Digest($"call {of}");

    private static List<bool> Held(SoundLog log)
    {
        using var reader = log.Read();
        return [.. Enumerable.Range(0, (int)LogPatrol.TileCount(reader)).Select(tile => LogPatrol.Holds(reader, tile))];
    }
}
