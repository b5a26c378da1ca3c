using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.V1;

namespace Delivery.EndToEnd.Documentation;

/// <summary>Errata are told to those who hold what they concern.</summary>
public abstract class ErratumWatchTests(ServedResults served)
{
    private readonly Errata _errata = new(served.Server);

    [Fact]
    public async Task The_recipient_is_told_of_what_it_received_and_the_auditor_of_everything()
    {
        await _errata.ApproveAsync("TOLD");
        await _errata.DeliverAsync(served.Recipient, "TOLD");
        await using var recipient = new RunningTool(served.Server, "erratum", "watch");
        await using var auditor = new RunningTool(served.Server, "erratum", "watch", "--as", "auditor");

        await _errata.RegisterAsync(Errata.About("E-NOBODY", 2010));
        Assert.StartsWith("E-NOBODY  CAVEAT", await auditor.ReadAsync(), StringComparison.Ordinal);
        await _errata.RegisterAsync(Errata.About("E-TOLD"));
        Assert.StartsWith("E-TOLD  CAVEAT", await auditor.ReadAsync(), StringComparison.Ordinal);
        Assert.StartsWith("E-TOLD  CAVEAT", await recipient.ReadAsync(), StringComparison.Ordinal);
        Assert.Contains("TOLD", await recipient.ReadAsync(), StringComparison.Ordinal);

        await ToolRun.DoneAsync(served.Server, "erratum", "withdraw", "E-TOLD", "--reason-da", "Rettet", "--reason-en", "Mended");
        Assert.StartsWith("E-TOLD  CAVEAT  withdrawn", await recipient.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal((0, 0), (await recipient.StopAsync(), await auditor.StopAsync()));
    }

    [Fact]
    public async Task A_watch_begins_at_once_and_ends_when_the_server_stops()
    {
        await using var server = await RunningServer.StartNewAsync(served.Server.Store);
        using var call = new ErratumService.ErratumServiceClient(server.Channel("dst-ingestion")).WatchErrata(new WatchErrataRequest());
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Null(call.ResponseStream.Current.Erratum);
        Assert.Equal(server.LogSize(), call.ResponseStream.Current.LogSize);

        var ended = call.ResponseStream.MoveNext(CancellationToken.None);
        server.Get<Microsoft.Extensions.Hosting.IHostApplicationLifetime>().StopApplication();
        Assert.False(await ended);
    }
}

public sealed class ErratumWatchTestsOnSqlite(ServedOnSqlite served) : ErratumWatchTests(served), IClassFixture<ServedOnSqlite>;

[NeedsPostgres]
public sealed class ErratumWatchTestsOnPostgres(ServedOnPostgres served) : ErratumWatchTests(served), IClassFixture<ServedOnPostgres>;
