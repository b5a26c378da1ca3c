using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Grpc.Core;

namespace Delivery.EndToEnd.Intake;

/// <summary>An import that found the store full, and is repeated once there is room. On SQLite only, as <see cref="FullStoreTests"/>.</summary>
[OneStore]
public sealed class FullStoreRepeatTests
{
    private const string Limit = "Delivery:Storage:DatabaseSizeBytesMax";
    private const string Little = "6000000", Enough = "1000000000";
    private const int FittingRows = 2_000, TooManyRows = 120_000;

    [Fact]
    public async Task An_import_that_did_not_fit_is_repeated_when_there_is_room_as_if_it_had_never_begun()
    {
        var (fitting, tooMany) = (await ResultsFile.MakeAsync(FittingRows, seed: 1), await ResultsFile.MakeAsync(TooManyRows, seed: 2));
        await using var server = await StartAsync(Little, fitting);
        await RefusedCall.ExpectAsync("E_STORE_FULL", StatusCode.ResourceExhausted, () => server.Channel("stil-intake").ImportAsync("large", tooMany.Bytes));

        await server.StopAsync();
        server.Settings[Limit] = Enough;
        await server.StartAsync();
        var report = await server.Channel("stil-intake").ImportAsync("large", tooMany.Bytes);
        Assert.False(report.AlreadyImported);

        await using var clean = await StartAsync(Enough, fitting);
        await clean.Channel("stil-intake").ImportAsync("large", tooMany.Bytes);
        Assert.Equal(StoredContent.Of(clean), StoredContent.Of(server));
    }

    private static async Task<RunningServer> StartAsync(string limit, ResultsFile first)
    {
        var server = await RunningServer.StartNewAsync(StoreKind.Sqlite, (Limit, limit), ("Delivery:Intake:BufferedRowsMax", "16384"));
        await server.Channel("stil-intake").ImportAsync("fits", first.Bytes);
        return server;
    }
}
