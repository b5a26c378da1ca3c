using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Delivery.Server.Storage;
using Grpc.Core;
using LifeCycleClock = Delivery.Server.Closure.LifeCycleClock;

namespace Delivery.EndToEnd;

/// <summary>Extracts that a recipient began and never finished: what they hold back, for how long, and what is left of them.</summary>
public abstract class AbandonedExtractTests(StoreKind store) : IAsyncLifetime
{
    private static readonly TimeSpan AbandonAfter = TimeSpan.FromDays(2);

    // Enough that a stream cannot end in buffers while nobody reads.
    private readonly ServedResults _served = new(store) { Rows = 60_000, Settings = [("Delivery:Extracts:AbandonAfter", $"{AbandonAfter}")] };

    private RunningServer Server => _served.Server;

    private DstRecipient Recipient => _served.Recipient;

    public async Task InitializeAsync()
    {
        await _served.InitializeAsync();
        await Server.PushAsync(SampleApproval.WideOf(Server, "LEFT"));
    }

    public Task DisposeAsync() => _served.DisposeAsync();

    [Fact]
    public async Task What_an_extract_pinned_is_released_once_nobody_has_asked_for_long()
    {
        var extract = Assert.Single(await Recipient.ListAsync("LEFT"));
        using var begun = Recipient.Open(extract, Recipient.Ask(extract));
        await begun.ReadBatchesAsync(2);

        // While it runs it is nobody's to abandon, however long it takes.
        await PassAsync(AbandonAfter * 2);
        Assert.Empty(Abandoned());
        begun.Call.Cut();
        await Server.LeavesOnceAsync(server => server.LeavesOfCall(begun.Call.Request.CallId.Memory), leaves => leaves.Any(leaf => leaf.Type is LeafType.ExtractAborted));

        var newer = await ResultsFile.MakeAsync(_served.Rows, seed: 9);
        await Server.Channel("stil-intake").ImportAsync("newer", newer.Bytes);
        await PassAsync(AbandonAfter - TimeSpan.FromMinutes(10));
        Assert.Empty(Abandoned());
        Assert.Contains(Generations(), generation => generation == 1);

        await PassAsync(TimeSpan.FromMinutes(20));
        var leaf = Assert.Single(Abandoned());
        Assert.Equal((extract.ExtractId, "LEFT"), (leaf.ExtractId, leaf.ProjectId));
        Assert.InRange(leaf.Number("released_batch_count"), 2, extract.BatchCount);
        Assert.All(Generations(), generation => Assert.Equal(2, generation));
        await PassAsync(AbandonAfter);
        Assert.Single(Abandoned());

        using var late = Recipient.Open(extract, Recipient.AskRest(extract, begun), begun.Rows);
        await RefusedCall.ExpectAsync("E_RESUME_EXPIRED", StatusCode.FailedPrecondition, late.ReadToEndAsync);
        using var next = await Recipient.PullAsync(Assert.Single(await Recipient.ListAsync("LEFT")));
        Assert.Equal("LEFT-V1-NT-2", next.Extract.ExtractId);
        var arrived = await ArrowRows.ReadAsync(next.Header.Schema.Memory, next.Batches);
        Assert.Equal(
            ExpectedExtract.Of(SampleApproval.WideOf(Server, "LEFT"), "NT", newer).Rows.Order(StringComparer.Ordinal), arrived.Rows.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_was_delivered_whole_is_acknowledged_however_late()
    {
        using var whole = await Recipient.PullAsync(Assert.Single(await Recipient.ListAsync("LEFT")));
        await PassAsync(AbandonAfter + TimeSpan.FromMinutes(10));
        Assert.Equal(whole.NextBatch, Assert.Single(Abandoned()).Number("released_batch_count"));
        await RefusedCall.ExpectAsync("E_RECEIPT_MISMATCH", StatusCode.FailedPrecondition, () => Recipient.AcknowledgeAsync(Server, whole, whole.Rows - 1));
        Assert.NotEmpty((await Recipient.AcknowledgeAsync(Server, whole)).HoldingId);
        Assert.Equal("DELIVERED", (await new ApprovalService.ApprovalServiceClient(Server.Channel("auditor")).GetProjectAsync(new GetProjectRequest { ProjectId = "LEFT" })).Project.State);
    }

    [Fact]
    public async Task A_project_stays_open_while_what_was_delivered_whole_has_no_receipt_however_late()
    {
        using var whole = await Recipient.PullAsync(Assert.Single(await Recipient.ListAsync("LEFT")));
        await PassAsync(AbandonAfter + TimeSpan.FromMinutes(10));
        Assert.Single(Abandoned());
        var closing = new ClosureService.ClosureServiceClient(Server.Channel("stil-approvals"));
        await RefusedCall.ExpectAsync("E_HOLDINGS_OPEN", StatusCode.FailedPrecondition, async () => await closing.CloseWithoutDataAsync(new CloseWithoutDataRequest { ProjectId = "LEFT" }));

        await Recipient.AcknowledgeAsync(Server, whole);
        var confirmed = await new ClosureService.ClosureServiceClient(Server.Channel("administrator")).ConfirmDeletionAsync(new ConfirmDeletionRequest
        {
            ProjectId = "LEFT", Method = DeletionMethod.Deleted, DeletedOn = SampleApproval.Day(Server.Clock.Today), SignerName = "Institutleder",
        });
        Assert.Equal("CLOSED_DELETED", confirmed.ProjectState);
    }

    [Fact]
    public async Task An_acknowledged_extract_is_never_abandoned()
    {
        using var whole = await Recipient.PullAsync(Assert.Single(await Recipient.ListAsync("LEFT")));
        await Recipient.AcknowledgeAsync(Server, whole);
        await PassAsync(AbandonAfter * 3);
        Assert.Empty(Abandoned());
    }

    private List<Leaf> Abandoned() => [.. Server.Leaves().Where(leaf => leaf.Type == LeafType.ExtractAbandoned)];

    private List<long> Generations() => Server.Get<Store>().Read(db => db.Set<SegmentRow>().Select(row => row.Generation).Distinct().ToList());

    private Task PassAsync(TimeSpan time)
    {
        Server.Clock.Turn(time);
        return Server.Get<LifeCycleClock>().RunOnceAsync(CancellationToken.None);
    }
}

public sealed class AbandonedExtractTestsOnSqlite() : AbandonedExtractTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class AbandonedExtractTestsOnPostgres() : AbandonedExtractTests(StoreKind.Postgres);
