using Delivery.EndToEnd.Crash;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;

namespace Delivery.EndToEnd.TransferLog;

/// <summary>Reading a long log takes a while, and connections are cut. Who reads it gets every leaf once all the same.</summary>
public abstract class CutReadingTests(StoreKind store)
{
    private const int Leaves = 4_000;

    [Fact]
    public async Task A_log_that_is_read_goes_on_after_each_cut_with_the_next_leaf()
    {
        await using var server = await RunningServer.StartNewAsync(store);
        var appender = server.Get<LogAppender>();
        await server.Get<StoreWriter>().WriteAsync(
            scope =>
            {
                for (var number = 0; number < Leaves; number++)
                {
                    appender.Append(scope, LeafDraft.AccessRefused(new LeafActor("unknown", "none", LogHash.Empty), "CUT_READING", "test", null, number));
                }
            },
            CancellationToken.None);
        await using var way = new CuttingProxy { Target = server.Address };
        string[] list = ["log", "list", "--json"];
        way.Arm(0, null);
        var whole = await ToolRun.ThroughAsync(server, way.Address.Authority, list);
        Assert.True(whole.Code == 0, whole.Talk);
        Assert.Equal(Leaves, whole.Data.Split("CUT_READING").Length - 1);
        var passed = way.Passed;

        var cuts = 0;
        way.Arm(passed / 3, () =>
        {
            cuts++;
            way.Arm(passed / 3, () =>
            {
                cuts++;
                way.Cut();
            });
            way.Cut();
        });
        var cut = await ToolRun.ThroughAsync(server, way.Address.Authority, list);
        Assert.True(cut.Code == 0, cut.Talk);
        Assert.Equal(2, cuts);
        Assert.Equal(whole.Data, cut.Data);
    }
}

public sealed class CutReadingTestsOnSqlite() : CutReadingTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class CutReadingTestsOnPostgres() : CutReadingTests(StoreKind.Postgres);
