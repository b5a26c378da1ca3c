using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Server.Approvals;
using Delivery.Server.Storage;
using Grpc.Core;

namespace Delivery.EndToEnd;

/// <summary>A project that stops being active while its extract streams.</summary>
public abstract class WithdrawalTests(StoreKind store) : IAsyncLifetime
{
    // Enough that a stream cannot end in buffers while nobody reads.
    private readonly ServedResults _served = new(store) { Rows = 60_000 };

    public Task InitializeAsync() => _served.InitializeAsync();

    public Task DisposeAsync() => _served.DisposeAsync();

    [Theory]
    [InlineData("WITHDRAWN")]
    [InlineData("SUSPENDED")]
    [InlineData("EXPIRED")]
    [Proves("R06")]
    public async Task Nothing_more_is_released_from_the_moment_a_project_is_not_active(string stateName)
    {
        var (server, recipient) = (_served.Server, _served.Recipient);
        await server.PushAsync(SampleApproval.WideOf(server, "ENDS"));
        var extract = Assert.Single(await recipient.ListAsync("ENDS"));
        using var stream = recipient.Open(extract, recipient.Ask(extract));
        await stream.ReadBatchesAsync(3);

        // Counted in the transaction that ends the project, so that no window can slip in between.
        var state = Enum.GetValues<ProjectState>().Single(known => known.WireName() == stateName);
        var released = await server.Get<StoreWriter>().WriteAsync(
            scope =>
            {
                scope.Execute("UPDATE project SET state = $2 WHERE project_id = $1", "ENDS", (int)state);
                using var count = scope.Command("SELECT COUNT(*) FROM log_leaf WHERE kind = 'range.released' AND project_id = $1", "ENDS");
                return (long)count.ExecuteScalar()!;
            },
            CancellationToken.None);

        await RefusedCall.ExpectAsync("R06", StatusCode.FailedPrecondition, stream.ReadToEndAsync);
        var leaves = server.LeavesOfCall(stream.Call.Request.CallId.Memory);
        Assert.Equal(released, leaves.Count(leaf => leaf.Type == LeafType.RangeReleased));
        Assert.Equal((LeafType.ExtractAborted, "R06"), (leaves[^1].Type, leaves[^1].Text("reason_code")));
        Assert.True(stream.NextBatch < extract.BatchCount, "Everything had left before the project ended.");

        using var again = recipient.Open(extract, recipient.AskRest(extract, stream), stream.Rows);
        await RefusedCall.ExpectAsync("R06", StatusCode.FailedPrecondition, again.ReadToEndAsync);
    }
}

public sealed class WithdrawalTestsOnSqlite() : WithdrawalTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class WithdrawalTestsOnPostgres() : WithdrawalTests(StoreKind.Postgres);
