using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Grpc.Core;

namespace Delivery.EndToEnd;

/// <summary>
/// A disk that fills up while results come in. On SQLite only: the size of a PostgreSQL database is its administrator's to limit, and its disk cannot
/// be filled by a test.
/// </summary>
[OneStore]
public sealed class FullStoreTests
{
    private const int FittingRows = 2_000, TooManyRows = 200_000;

    [Fact]
    public async Task An_import_that_does_not_fit_is_refused_and_leaves_everything_as_it_was_and_usable()
    {
        await using var server = await RunningServer.StartNewAsync(
            StoreKind.Sqlite, ("Delivery:Storage:DatabaseSizeBytesMax", "6000000"), ("Delivery:Intake:BufferedRowsMax", "16384"));
        var fitting = await ResultsFile.MakeAsync(FittingRows, seed: 1);
        await server.Channel("stil-intake").ImportAsync("fits", fitting.Bytes);
        var (before, size) = (StoreState.Of(server), server.LogSize());

        var tooMany = await ResultsFile.MakeAsync(TooManyRows, seed: 2);
        await RefusedCall.ExpectAsync("E_STORE_FULL", StatusCode.ResourceExhausted, () => server.Channel("stil-intake").ImportAsync("does-not-fit", tooMany.Bytes));
        Assert.Equal(before, StoreState.Of(server));
        Assert.Equal("E_STORE_FULL", Assert.Single(server.Leaves(size)).Text("reason_code"));

        // The log still has room, so a delivery of what was there before still works.
        var approval = SampleApproval.Of(server, "STILL-WORKS");
        await server.PushAsync(approval);
        using var recipient = new DstRecipient(server);
        await recipient.RegisterAsync();
        using var stream = await recipient.PullAsync(Assert.Single(await recipient.ListAsync("STILL-WORKS")));
        var arrived = await ArrowRows.ReadAsync(stream.Header.Schema.Memory, stream.Batches);
        Assert.Equal(ExpectedExtract.Of(approval, "NT", fitting).Rows, arrived.Rows);
    }
}
