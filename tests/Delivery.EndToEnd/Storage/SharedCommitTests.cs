using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;

namespace Delivery.EndToEnd.Storage;

/// <summary>Changes that are committed together are as independent as if each had a commit of its own.</summary>
public abstract class SharedCommitTests(StoreKind store)
{
    private const int Count = 12;

    [Fact]
    public async Task A_change_that_fails_among_others_leaves_nothing_and_takes_nobody_with_it()
    {
        await using var server = await RunningServer.StartNewAsync(store);
        var (writer, log) = (server.Get<StoreWriter>(), server.Get<LogAppender>());
        var size = server.Get<LogTail>().Size();
        using var mayGoOn = new ManualResetEventSlim();

        // While the writer is held up the others gather behind it.
        var held = writer.WriteAsync(_ => mayGoOn.Wait(), CancellationToken.None);
        var appended = Enumerable.Range(0, Count).Select(number => writer.WriteAsync(
            scope =>
            {
                var leaf = log.Append(scope, LeafDraft.AccessRefused(new LeafActor("unknown", "none", LogHash.Empty), "SHARED_COMMIT", "test", null, number));
                return IsBad(number) ? throw new NotSupportedException("This one fails.") : leaf.Index;
            },
            CancellationToken.None)).ToList();
        mayGoOn.Set();
        await held;
        foreach (var bad in appended.Where((_, number) => IsBad(number)))
        {
            await Assert.ThrowsAsync<NotSupportedException>(() => bad);
        }

        var good = await Task.WhenAll(appended.Where((_, number) => !IsBad(number)));
        Assert.Equal(Enumerable.Range(0, good.Length).Select(number => size + number), good);
        Assert.Equal(size + good.Length, server.Get<LogTail>().Size());
        using var reader = new LogReader(server.Get<Store>());
        Assert.All(Enumerable.Range(0, (int)LogPatrol.TileCount(reader)), tile => Assert.True(LogPatrol.Holds(reader, tile)));
    }

    // The first, the last, and two in a row.
    private static bool IsBad(int number) => number is 0 or 4 or 5 or Count - 1;
}

public sealed class SharedCommitTestsOnSqlite() : SharedCommitTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class SharedCommitTestsOnPostgres() : SharedCommitTests(StoreKind.Postgres);
