using System.Collections.Concurrent;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Delivery.Server.Approvals;
using Delivery.Server.Storage;
using Grpc.Core;
using ProjectState = Delivery.Server.Approvals.ProjectState;
using Subject = Delivery.Protocol.V1.Subject;

namespace Delivery.EndToEnd.Rules;

/// <summary>
/// A withdrawal that comes at any point of a stream: before a frame, beside it, or from the reader. However the two are interleaved, at most the
/// window under way leaves after the withdrawal is committed, and the log shows that nothing was released behind it.
/// </summary>
public abstract class InterleavingTests(RuleServer rules)
{
    private const int Interleavings = 500;
    private const int AtOnce = 4;
    private const int Seed = 20_241;

    private readonly RunningServer _server = rules.Server;
    private readonly ConcurrentDictionary<string, Task> _withdrawals = new();

    private enum Point
    {
        /// <summary>Committed before a frame is handed to the transport.</summary>
        BeforeFrame = 0,

        /// <summary>Begun before a frame, while the stream goes on.</summary>
        BesideFrame = 1,

        /// <summary>Sent by the reader after some frames.</summary>
        ByReader = 2,
    }

    [Fact]
    [Proves("R06", "T4", "T7")]
    public async Task Wherever_a_withdrawal_meets_a_stream_no_more_than_the_window_under_way_leaves()
    {
        var random = new Random(Seed);
        var plans = Enumerable.Range(0, Interleavings).Select(number => (Project: $"MEET-{number}", Point: (Point)random.Next(3), Frame: random.Next(14))).ToList();
        var outcomes = new ConcurrentBag<Outcome>();
        await Parallel.ForEachAsync(plans, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (plan, _) =>
            outcomes.Add(await RunAsync(plan.Project, plan.Point, plan.Frame)));

        var leaves = _server.Leaves().Where(leaf => leaf.ProjectId is not null).ToLookup(leaf => leaf.ProjectId!);
        Assert.All(outcomes, outcome => Check(outcome, [.. leaves[outcome.Project]]));

        // The points are spread so that streams were cut at every place, and some ended before the withdrawal came.
        Assert.Equal(Interleavings, outcomes.Count);
        Assert.True(outcomes.Count(outcome => outcome.IsCut) > Interleavings / 2, "Too few streams were cut.");
        Assert.Contains(outcomes, outcome => !outcome.IsCut);
        Assert.Contains(outcomes, outcome => outcome.BatchesAfter == RuleServer.WindowBatches);
        Assert.True(outcomes.Select(outcome => outcome.BatchSizes.Count).Distinct().Count() > 5, "Too many streams were cut at the same place.");
    }

    private async Task<Outcome> RunAsync(string project, Point point, int frame)
    {
        await rules.Acts.ApproveAsync(project, approval =>
        {
            approval.Scope.Selections.Clear();
            approval.Scope.Selections.Add(SampleApproval.Select(Programme.Nt, Subject.DanishReading, [2, 4, 6, 8], [2014, 2015, 2016]));
        });
        var after = 0;
        rules.Frames.Before(project, async number =>
        {
            if (number == frame && point != Point.ByReader)
            {
                var withdrawal = Withdraw(project);
                if (point == Point.BeforeFrame)
                {
                    await withdrawal;
                }
            }

            // Frame 0 is the header, and after 12 batches comes the trailer.
            after += number is > 0 and <= 12 && IsWithdrawn(project) ? 1 : 0;
        });
        var extract = Assert.Single(await rules.Recipient.ListAsync(project));
        var outcome = await ReadAsync(project, extract, point == Point.ByReader ? frame : int.MaxValue);
        await Withdraw(project);
        return outcome with { BatchesAfter = after };
    }

    private async Task<Outcome> ReadAsync(string project, Extract extract, int withdrawAt)
    {
        using var call = new ExtractCall(rules.Recipient.Channel, rules.Recipient.Ask(extract));
        var sizes = new List<long>();
        try
        {
            for (var number = 0; ; number++)
            {
                if (number == withdrawAt)
                {
                    _ = Withdraw(project);
                }

                if (await call.NextAsync() is not { } frame)
                {
                    return new Outcome(project, IsCut: false, sizes);
                }

                if (frame.FrameCase == StreamExtractResponse.FrameOneofCase.Batch)
                {
                    sizes.Add(frame.Batch.Ciphertext.Length);
                }
            }
        }
        catch (RpcException failure)
        {
            Assert.Equal(["R06"], RefusedCall.Of(failure).Codes);
            return new Outcome(project, IsCut: true, sizes);
        }
    }

    private static void Check(Outcome outcome, IReadOnlyList<Leaf> leaves)
    {
        var withdrawn = leaves.Single(leaf => leaf.Type == LeafType.ApprovalWithdrawn).Index;
        var released = leaves.Where(leaf => leaf.Type == LeafType.RangeReleased).ToList();
        Assert.All(released, leaf => Assert.True(leaf.Index < withdrawn, $"{outcome.Project}: a window was released after the withdrawal."));

        // What arrived is what was released, so nothing came behind the withdrawal but what stood before it in the log.
        Assert.Equal(released.Sum(leaf => leaf.Number("sealed_size_bytes")), outcome.BatchSizes.Sum());
        Assert.Equal(released.Count == 0 ? 0 : released[^1].Number("to_batch"), outcome.BatchSizes.Count);
        Assert.True(outcome.BatchesAfter <= RuleServer.WindowBatches, $"{outcome.Project}: {outcome.BatchesAfter} batches left after the withdrawal.");
        Assert.True(
            outcome.BatchesAfter == 0 || outcome.BatchSizes.TakeLast(outcome.BatchesAfter).Sum() <= released[^1].Number("sealed_size_bytes"),
            $"{outcome.Project}: more than one window left after the withdrawal.");

        if (leaves.All(leaf => leaf.Type != LeafType.ExtractOpened))
        {
            Assert.True(outcome.IsCut);
            return;
        }

        var end = leaves.Single(leaf => leaf.Type is LeafType.ExtractAborted or LeafType.ExtractCompleted);
        Assert.Equal(outcome.IsCut, end.Type == LeafType.ExtractAborted);
        Assert.Equal(outcome.IsCut, end.Index > withdrawn);
        Assert.Equal(outcome.BatchSizes.Count, end.Number(outcome.IsCut ? "released_batch_count" : "batch_count"));
    }

    // Once for each project, whoever comes first.
    private Task Withdraw(string project) => _withdrawals.GetOrAdd(project, name => rules.Acts.WithdrawAsync(name));

    private bool IsWithdrawn(string project) =>
        _server.Get<Store>().Read(db => db.Set<ProjectRow>().Any(row => row.ProjectId == project && row.State == ProjectState.Withdrawn));

    /// <summary>What a reader met, and how many batches were handed to the transport with the withdrawal committed.</summary>
    private sealed record Outcome(string Project, bool IsCut, IReadOnlyList<long> BatchSizes)
    {
        public int BatchesAfter { get; init; }
    }
}

public sealed class InterleavingTestsOnSqlite(RuleServerOnSqlite rules) : InterleavingTests(rules), IClassFixture<RuleServerOnSqlite>;

[NeedsPostgres]
public sealed class InterleavingTestsOnPostgres(RuleServerOnPostgres rules) : InterleavingTests(rules), IClassFixture<RuleServerOnPostgres>;
