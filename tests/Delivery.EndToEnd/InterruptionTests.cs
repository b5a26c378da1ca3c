using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Crash;
using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;

namespace Delivery.EndToEnd;

/// <summary>Streams that are cut by either side, and what happens to them afterwards.</summary>
public abstract class InterruptionTests(StoreKind store) : IAsyncLifetime
{
    // Enough that a stream cannot end in buffers while nobody reads.
    private const int Rows = 60_000;
    private const int BatchesBeforeTheCut = 5;

    private readonly ServedResults _served = new(store) { Rows = Rows };

    private RunningServer Server => _served.Server;

    private DstRecipient Recipient => _served.Recipient;

    public async Task InitializeAsync()
    {
        await _served.InitializeAsync();
        await Server.PushAsync(SampleApproval.WideOf(Server, "CUT"));
    }

    public Task DisposeAsync() => _served.DisposeAsync();

    [Fact]
    public async Task A_stream_the_recipient_leaves_ends_in_one_leaf_and_goes_on_where_it_stopped()
    {
        var extract = Assert.Single(await Recipient.ListAsync("CUT"));
        using var begun = await BeginAsync(extract);
        begun.Call.Cut();
        var leaves = await Server.LeavesOnceAsync(server => server.LeavesOfCall(begun.Call.Request.CallId.Memory), leaves => leaves.Any(IsTerminal));
        RequireCut(leaves, "CALL_CUT");
        Assert.Equal("APPROVED", await StateAsync());
        await GoesOnAsync(extract, begun);
    }

    [Fact]
    public async Task A_stream_the_server_dies_under_is_ended_at_the_next_start_and_goes_on_where_it_stopped()
    {
        await Server.StopAsync();
        using var begun = await BeginUntilKilledAsync();
        await Server.StartAsync();
        Recipient.Reconnect();
        // At the start where the server is alone; where there could be others, once nobody speaks for the dead one any more.
        var leaves = await Server.LeavesOnceAsync(server => server.LeavesOfCall(begun.Call.Request.CallId.Memory), leaves => leaves.Any(IsTerminal));
        RequireCut(leaves, "SERVER_RESTART");
        await GoesOnAsync(begun.Extract, begun);
    }

    [Fact]
    public async Task A_server_that_is_stopped_ends_its_streams_itself()
    {
        var extract = Assert.Single(await Recipient.ListAsync("CUT"));
        using var begun = await BeginAsync(extract);
        var callId = begun.Call.Request.CallId.Memory;
        var stopping = Server.StopAsync();
        begun.Call.Cut();
        await stopping;
        await Server.StartAsync();
        Recipient.Reconnect();
        RequireCut(Server.LeavesOfCall(callId), "CALL_CUT");
        await GoesOnAsync(extract, begun);
    }

    [Fact]
    public async Task What_is_imported_meanwhile_changes_nothing_of_a_stream_under_way()
    {
        var extract = Assert.Single(await Recipient.ListAsync("CUT"));
        using var begun = await BeginAsync(extract);
        var other = await ResultsFile.MakeAsync(Rows, seed: 4);
        await Server.Channel("stil-intake").ImportAsync("meanwhile", other.Bytes);
        await begun.ReadToEndAsync();

        // The stream still brings the first file, a second call of the same extract too, and only the next extract the new one.
        var approval = SampleApproval.WideOf(Server, "CUT");
        await ArrivedAsync(ExpectedExtract.Of(approval, "NT", _served.File).Rows, begun);
        using var again = await Recipient.PullAsync(extract);
        Assert.Equal(begun.Batches, again.Batches);
        await Recipient.AcknowledgeAsync(Server, again);
        using var next = await Recipient.PullAsync(Assert.Single(await Recipient.ListAsync("CUT")));
        Assert.NotEqual(extract.ExtractId, next.Extract.ExtractId);
        await ArrivedAsync(ExpectedExtract.Of(approval, "NT", other).Rows, next);
    }

    private async Task<OpenedStream> BeginAsync(Extract extract)
    {
        var stream = Recipient.Open(extract, Recipient.Ask(extract));
        await stream.ReadBatchesAsync(BatchesBeforeTheCut);
        return stream;
    }

    private async Task<OpenedStream> BeginUntilKilledAsync()
    {
        using var child = await ChildServer.StartAsync(Server);
        Recipient.Reconnect();
        var begun = await BeginAsync(Assert.Single(await Recipient.ListAsync("CUT")));
        // Something is signed, so that there is a pin.
        await new TransferLogService.TransferLogServiceClient(Server.Channel("auditor")).GetCheckpointAsync(new GetCheckpointRequest());
        child.Kill();
        return begun;
    }

    private async Task GoesOnAsync(Extract extract, OpenedStream begun)
    {
        using var whole = await Recipient.PullAsync(extract);
        using var rest = Recipient.Open(extract, Recipient.AskRest(extract, begun), begun.Rows);
        await rest.ReadToEndAsync();
        Assert.Equal(whole.Batches, begun.Batches.Concat(rest.Batches));
        Assert.Equal(whole.RunningDigest, rest.RunningDigest);
        Assert.Equal(whole.Rows, rest.Rows);
        Assert.NotEmpty((await Recipient.AcknowledgeAsync(Server, rest)).HoldingId);
    }

    private static async Task ArrivedAsync(IReadOnlyList<string> expected, OpenedStream stream)
    {
        var arrived = await ArrowRows.ReadAsync(stream.Header.Schema.Memory, stream.Batches);
        Assert.Equal(expected.Order(StringComparer.Ordinal), arrived.Rows.Order(StringComparer.Ordinal));
    }

    private static void RequireCut(IReadOnlyList<Leaf> leaves, string reason)
    {
        var end = Assert.Single(leaves, IsTerminal);
        Assert.Equal((LeafType.ExtractAborted, reason), (end.Type, end.Text("reason_code")));
        Assert.Same(end, leaves[^1]);
        Assert.True(end.Number("released_batch_count") >= BatchesBeforeTheCut, "The log understates what left.");
    }

    private static bool IsTerminal(Leaf leaf) => leaf.Type is LeafType.ExtractAborted or LeafType.ExtractCompleted;

    private async Task<string> StateAsync() =>
        (await new ApprovalService.ApprovalServiceClient(Server.Channel("auditor")).GetProjectAsync(new GetProjectRequest { ProjectId = "CUT" })).Project.State;
}

public sealed class InterruptionTestsOnSqlite() : InterruptionTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class InterruptionTestsOnPostgres() : InterruptionTests(StoreKind.Postgres);
