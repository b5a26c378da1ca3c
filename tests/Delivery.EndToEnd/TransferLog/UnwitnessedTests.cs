using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Grpc.Core;

namespace Delivery.EndToEnd.TransferLog;

/// <summary>A server that delivers only while a witness keeps up with its log.</summary>
public abstract class UnwitnessedTests(StoreKind store) : IAsyncLifetime
{
    private static readonly TimeSpan TooLong = TimeSpan.FromHours(2);

    private readonly RunningServer _server = WitnessedServer.Create(
        store, ("Delivery:Storage:SegmentRowsMax", "256"), ("Delivery:Extracts:WindowBatches", "2"), ("Delivery:TransferLog:MaxUnwitnessedAge", "01:00:00"));

    private DstRecipient _recipient = null!;

    public async Task InitializeAsync()
    {
        await _server.StartAsync();
        await _server.Channel("stil-intake").ImportAsync("first", (await ResultsFile.MakeAsync(60_000, seed: 1)).Bytes);
        _recipient = await RegisteredAsync(_server);
    }

    public async Task DisposeAsync()
    {
        _recipient.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Nothing_is_opened_once_a_leaf_has_waited_too_long_and_everything_again_once_it_is_cosigned()
    {
        await _server.PushAsync(SampleApproval.Of(_server, "WAITS"));
        var extract = Assert.Single(await _recipient.ListAsync("WAITS"));
        using (var inTime = await _recipient.PullAsync(extract))
        {
            Assert.NotNull(inTime.Trailer);
        }

        _server.Clock.Turn(TooLong);
        using (var late = _recipient.Open(extract, _recipient.Ask(extract)))
        {
            await RefusedCall.ExpectAsync("E_LOG_UNWITNESSED", StatusCode.FailedPrecondition, late.ReadToEndAsync);
            Assert.Empty(late.Batches);
        }

        await _server.CosignAsync();
        using var again = await _recipient.PullAsync(extract);
        Assert.NotNull(again.Trailer);
    }

    [Fact]
    public async Task A_stream_that_outlives_the_witness_is_cut_at_its_next_window()
    {
        await _server.PushAsync(SampleApproval.WideOf(_server, "OUTLIVES"));
        var extract = Assert.Single(await _recipient.ListAsync("OUTLIVES"));
        using var stream = _recipient.Open(extract, _recipient.Ask(extract));
        await stream.ReadBatchesAsync(3);
        _server.Clock.Turn(TooLong);

        await RefusedCall.ExpectAsync("E_LOG_UNWITNESSED", StatusCode.FailedPrecondition, stream.ReadToEndAsync);
        var last = _server.LeavesOfCall(stream.Call.Request.CallId.Memory)[^1];
        Assert.Equal((LeafType.ExtractAborted, "E_LOG_UNWITNESSED"), (last.Type, last.Text("reason_code")));
        Assert.True(stream.NextBatch < extract.BatchCount, "Everything had left before the witness was missed.");
    }

    private static async Task<DstRecipient> RegisteredAsync(RunningServer server)
    {
        var recipient = new DstRecipient(server);
        await recipient.RegisterAsync();
        return recipient;
    }
}

public sealed class UnwitnessedTestsOnSqlite() : UnwitnessedTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class UnwitnessedTestsOnPostgres() : UnwitnessedTests(StoreKind.Postgres);
