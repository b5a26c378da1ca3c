using Delivery.Protocol.Log;
using Delivery.Server.TransferLog;
using Delivery.Tests.Identity;

namespace Delivery.Tests.TransferLog;

public sealed class LogStorageTests : IDisposable
{
    private const int Size = 1000;

    private readonly TemporaryLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Every_leaf_of_a_thousand_is_proven_offline()
    {
        var leaves = await _log.AppendAsync(Size);

        for (var index = 0; index < Size; index += index < 10 ? 1 : 41)
        {
            var proven = await _log.Checkpoints.ProveAsync(index, knownSize: 0, CancellationToken.None);
            Assert.Equal(leaves[index].Body, proven.Leaf);
            Assert.Equal(LogProofCode.Proven, LogProofVerifier.Verify(_log.Policy, proven.Leaf, proven.Proof).Code);
        }
    }

    [Fact]
    public async Task Stored_hashes_give_the_root_that_the_leaves_give()
    {
        var leaves = await _log.AppendAsync(Size);
        var expected = new CompactRange();
        foreach (var leaf in leaves)
        {
            expected.Append(LogHash.Leaf(leaf.Body));
        }

        using var reader = new LogReader(_log.Store.Store);
        Assert.Equal(expected.Root(), reader.Range.Root());
        Assert.All(Enumerable.Range(0, Size), index =>
        {
            var path = InclusionProof.Build(index, Size, reader.Node);
            Assert.True(InclusionProof.Verify(LogHash.Leaf(leaves[index].Body), index, Size, path, expected.Root()));
        });
    }

    [Fact]
    public async Task Full_tiles_are_kept_and_the_right_edge_is_not()
    {
        var leaves = await _log.AppendAsync(Size);

        Assert.Equal("0/0,0/1,0/2", _log.Store.Scalar<string>("SELECT group_concat(level || '/' || idx) FROM (SELECT * FROM log_tile ORDER BY level, idx)"));
        Assert.Equal(
            leaves.Skip(256).Take(256).SelectMany(leaf => LogHash.Leaf(leaf.Body).ToArray()),
            _log.Store.Scalar<byte[]>("SELECT hashes FROM log_tile WHERE level = 0 AND idx = 1"));
    }

    [Fact]
    public async Task A_log_that_grows_is_consistent_with_every_earlier_size()
    {
        var roots = new List<LogHash>();
        for (var size = 0; size < 600; size += 50)
        {
            using var reader = new LogReader(_log.Store.Store);
            roots.Add(reader.Range.Root());
            await _log.AppendAsync(50);
        }

        using var now = new LogReader(_log.Store.Store);
        Assert.All(Enumerable.Range(1, roots.Count - 1), step =>
        {
            var proof = ConsistencyProof.Build(step * 50, 600, now.Node);
            Assert.True(ConsistencyProof.Verify(step * 50, roots[step], 600, now.Range.Root(), proof));
        });
    }

    [Fact]
    public async Task Leaves_past_the_second_level_of_tiles_are_proven_too()
    {
        const int many = (1 << 16) + 300;
        var leaves = await _log.AppendAsync(many);

        Assert.Equal(1L, _log.Store.Scalar<long>("SELECT COUNT(*) FROM log_tile WHERE level = 1"));
        foreach (var index in new[] { 0, 255, 256, 65_535, 65_536, many - 1 })
        {
            var proven = await _log.Checkpoints.ProveAsync(index, knownSize: 0, CancellationToken.None);
            Assert.Equal(leaves[index].Body, proven.Leaf);
            Assert.Equal(LogProofCode.Proven, LogProofVerifier.Verify(_log.Policy, proven.Leaf, proven.Proof).Code);
        }
    }

    [Fact]
    public async Task The_same_change_is_recorded_once()
    {
        var first = await _log.Store.Writer.WriteAsync(scope => _log.Append(scope, 0, "once"), CancellationToken.None);

        await Assert.ThrowsAnyAsync<Exception>(() => _log.Store.Writer.WriteAsync(scope => _log.Append(scope, 1, "once"), CancellationToken.None));

        var (found, other) = await _log.Store.Writer.WriteAsync(scope => (LogAppender.Find(scope, "once"), LogAppender.Find(scope, "never")), CancellationToken.None);
        Assert.Equal(first.Body, found?.Body);
        Assert.Equal(first.Index, found?.Index);
        Assert.Null(other);
        using var reader = new LogReader(_log.Store.Store);
        Assert.Equal(1, reader.Range.Size);
    }

    [Fact]
    public async Task A_change_that_fails_leaves_no_leaf_and_no_gap()
    {
        await _log.AppendAsync(5);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _log.Store.Writer.WriteAsync(
            scope =>
            {
                _log.Append(scope, 5);
                throw new InvalidOperationException("after the leaf");
            },
            CancellationToken.None));
        var next = await _log.AppendAsync(1);

        Assert.Equal(5, next[0].Index);
        Assert.Equal("0,1,2,3,4,5", _log.Store.Scalar<string>("SELECT group_concat(idx) FROM (SELECT idx FROM log_leaf ORDER BY idx)"));
    }

    [Fact]
    public async Task Time_in_the_log_never_runs_backwards()
    {
        var first = await _log.AppendAsync(1);
        _log.Clock.Now = SampleAuthority.Now.AddDays(-1);
        var second = await _log.AppendAsync(1);
        _log.Clock.Now = SampleAuthority.Now.AddDays(1);
        var third = await _log.AppendAsync(1);

        Assert.Equal(Leaf.Parse(first[0].Body).TimestampMs, Leaf.Parse(second[0].Body).TimestampMs);
        Assert.Equal(SampleAuthority.Now.AddDays(1).ToUnixTimeMilliseconds(), Leaf.Parse(third[0].Body).TimestampMs);
    }

    [Fact]
    public async Task A_reader_sees_one_moment_of_the_log()
    {
        await _log.AppendAsync(3);
        using var before = new LogReader(_log.Store.Store);
        await _log.AppendAsync(3);
        using var after = new LogReader(_log.Store.Store);

        Assert.Equal((3, 6), (before.Leaves(0, 100, "", "").Count, after.Leaves(0, 100, "", "").Count));
        Assert.Null(before.Leaf(4));
    }

    [Fact]
    public async Task Leaves_are_found_by_project_and_by_organisation()
    {
        await _log.AppendAsync(60);
        using var reader = new LogReader(_log.Store.Store);
        var all = reader.Leaves(0, 100, "", "").Select(leaf => Leaf.Parse(leaf.Body)).ToList();

        Assert.Equal(all.Where(leaf => leaf.ProjectId == "P-17").Select(leaf => leaf.Index), reader.Leaves(0, 100, "P-17", "").Select(leaf => leaf.Index));
        Assert.Equal(all.Where(leaf => leaf.Index >= 20 && leaf.Actor.Organisation == "STIL").Take(5).Select(leaf => leaf.Index), reader.Leaves(20, 5, "", "STIL").Select(leaf => leaf.Index));
        Assert.Empty(reader.Leaves(0, 100, "", "nobody"));
    }
}
