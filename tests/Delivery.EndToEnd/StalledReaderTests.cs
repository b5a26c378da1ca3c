using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Grpc.Core;

namespace Delivery.EndToEnd;

/// <summary>Recipients that read nothing, and recipients that want everything at once.</summary>
public abstract class StalledReaderTests(StoreKind store) : IAsyncLifetime
{
    private const int StreamsMax = 2;

    // Enough that a stream cannot end in buffers while nobody reads.
    private readonly ServedResults _served = new(store)
    {
        Rows = 60_000,
        Settings = [("Delivery:Extracts:NoProgressTimeout", "00:00:01"), ("Delivery:Extracts:StreamsPerOrganisationMax", $"{StreamsMax}")],
    };

    private RunningServer Server => _served.Server;

    private DstRecipient Recipient => _served.Recipient;

    public async Task InitializeAsync()
    {
        await _served.InitializeAsync();
        await Server.PushAsync(SampleApproval.WideOf(Server, "STALL"));
    }

    public Task DisposeAsync() => _served.DisposeAsync();

    [Fact]
    public async Task A_reader_that_takes_nothing_is_cut_and_can_go_on_later()
    {
        var extract = Assert.Single(await Recipient.ListAsync("STALL"));
        using var stalled = Recipient.Open(extract, Recipient.Ask(extract));
        await stalled.ReadBatchesAsync(1);
        var end = (await EndAsync(stalled))[^1];
        Assert.Equal((LeafType.ExtractAborted, "E_NO_PROGRESS"), (end.Type, end.Text("reason_code")));
        Assert.True(end.Number("released_batch_count") < extract.BatchCount, "Nothing was left to be cut.");

        // It was reset: what was waiting for it is gone, and the connection serves other calls.
        await Assert.ThrowsAsync<RpcException>(stalled.ReadToEndAsync);
        Assert.Single(await Recipient.ListAsync("STALL"));
        using var rest = Recipient.Open(extract, Recipient.AskRest(extract, stalled), stalled.Rows);
        await rest.ReadToEndAsync();
        Assert.Equal(extract.BatchCount, rest.NextBatch);
    }

    [Fact]
    public async Task An_organisation_has_so_many_streams_and_no_more_until_one_ends()
    {
        var extract = Assert.Single(await Recipient.ListAsync("STALL"));
        var open = new List<OpenedStream>();
        for (var stream = 0; stream < StreamsMax; stream++)
        {
            open.Add(Recipient.Open(extract, Recipient.Ask(extract)));
            await open[^1].ReadBatchesAsync(1);
        }

        using var tooMany = Recipient.Open(extract, Recipient.Ask(extract));
        await RefusedCall.ExpectAsync("E_TOO_MANY_STREAMS", StatusCode.ResourceExhausted, tooMany.ReadToEndAsync);
        Assert.Empty(Server.LeavesOfCall(tooMany.Call.Request.CallId.Memory));

        // Both are cut in their turn; their places are free again.
        foreach (var stream in open)
        {
            await EndAsync(stream);
        }

        using var next = await Recipient.PullAsync(extract);
        Assert.Equal(extract.BatchCount, next.NextBatch);
        open.ForEach(stream => stream.Dispose());
    }

    private Task<IReadOnlyList<Leaf>> EndAsync(OpenedStream stream) => Server.LeavesOnceAsync(
        server => server.LeavesOfCall(stream.Call.Request.CallId.Memory),
        leaves => leaves.Any(leaf => leaf.Type is LeafType.ExtractAborted or LeafType.ExtractCompleted));
}

public sealed class StalledReaderTestsOnSqlite() : StalledReaderTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class StalledReaderTestsOnPostgres() : StalledReaderTests(StoreKind.Postgres);
