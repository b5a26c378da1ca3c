using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;

namespace Delivery.EndToEnd.Operations;

/// <summary>Who listens may ask at any time.</summary>
public abstract class ListenerTests(StoreKind store)
{
    private const int Servers = 6;

    [Fact]
    public async Task Who_asks_while_servers_end_is_answered_by_those_that_live()
    {
        using var heard = new HeardSignals();
        using var over = new CancellationTokenSource();
        var asking = Task.Run(() =>
        {
            while (!over.IsCancellationRequested)
            {
                heard.Observe();
            }
        });
        for (var server = 0; server < Servers; server++)
        {
            await using var _ = await RunningServer.StartNewAsync(store);
        }

        await over.CancelAsync();
        await asking;
        Assert.Contains(heard.Measurements, measured => measured.Instrument == "delivery.certificate.remaining");
        Assert.Contains(heard.Measurements, measured => measured.Instrument == "delivery.log.size");
    }
}

public sealed class ListenerTestsOnSqlite() : ListenerTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class ListenerTestsOnPostgres() : ListenerTests(StoreKind.Postgres);
