using System.Threading.Channels;
using Delivery.Server.Storage;

namespace Delivery.Tests.Storage;

public sealed class StoreWriterTests
{
    [Fact]
    public async Task A_change_that_fails_takes_nobody_with_it()
    {
        await using var store = new TemporaryStore();
        var (gate, first) = Hold(store);
        var before = Insert(store, "A");
        var failing = store.Writer.WriteAsync(
            scope =>
            {
                scope.Execute(InsertSql, "half done", 0);
                throw new InvalidOperationException("the change failed");
            },
            CancellationToken.None);
        var after = Insert(store, "B");
        gate.Set();

        await Task.WhenAll(first, before, after);
        Assert.Equal("the change failed", (await Assert.ThrowsAsync<InvalidOperationException>(() => failing)).Message);
        Assert.Equal("A,B", Codes(store));
    }

    [Fact]
    public async Task Changes_happen_in_the_order_they_were_asked_for()
    {
        await using var store = new TemporaryStore();
        var (gate, first) = Hold(store);
        var changes = Enumerable.Range(0, 100).Select(number => store.Writer.WriteAsync(
            scope =>
            {
                using var count = scope.Command("SELECT COUNT(*) FROM publication");
                var seen = (long)count.ExecuteScalar()!;
                scope.Execute(InsertSql, $"{number}", number);
                return seen;
            },
            CancellationToken.None)).ToList();
        gate.Set();
        await first;

        Assert.Equal(Enumerable.Range(0, 100).Select(number => (long)number), await Task.WhenAll(changes));
    }

    [Fact]
    public async Task A_change_that_does_not_fit_is_refused_and_those_that_fit_are_kept()
    {
        await using var store = new TemporaryStore(databaseSizeBytesMax: 2 << 20);
        var (gate, first) = Hold(store);
        var before = Insert(store, "A");
        var tooLarge = store.Writer.WriteAsync(scope => InsertBlob(scope, 1, 8 << 20), CancellationToken.None);
        var after = Insert(store, "B");
        gate.Set();

        await Task.WhenAll(first, before, after);
        await Assert.ThrowsAsync<StoreFullException>(() => tooLarge);
        Assert.Equal("A,B", Codes(store));
        Assert.Equal(0L, store.Scalar<long>("SELECT COUNT(*) FROM segment_column"));

        await store.Writer.WriteAsync(scope => InsertBlob(scope, 2, 64 << 10), CancellationToken.None);
        Assert.Equal("ok", store.Scalar<string>("PRAGMA integrity_check"));
    }

    [Fact]
    public async Task What_was_answered_survives_the_end_of_the_process()
    {
        await using var store = new TemporaryStore();
        await Insert(store, "A");

        await store.RestartAsync();

        Assert.Equal("A", Codes(store));
        await Insert(store, "B");
        Assert.Equal("A,B", Codes(store));
    }

    [Fact]
    public async Task Ending_the_writer_lets_everything_asked_for_happen_first()
    {
        await using var store = new TemporaryStore();
        var (gate, first) = Hold(store);
        var change = Insert(store, "A");
        var ending = store.Writer.DisposeAsync().AsTask();
        gate.Set();
        await Task.WhenAll(first, change, ending);

        Assert.Equal("A", Codes(store));
        await Assert.ThrowsAsync<ChannelClosedException>(() => Insert(store, "B"));
    }

    [Fact]
    public async Task Who_gave_up_waiting_has_changed_nothing()
    {
        await using var store = new TemporaryStore();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Insert(store, "A", new CancellationToken(canceled: true)));

        await Insert(store, "B");
        Assert.Equal("B", Codes(store));
    }

    [Fact]
    public async Task Reads_do_not_see_what_is_not_committed()
    {
        await using var store = new TemporaryStore();
        using var written = new ManualResetEventSlim();
        using var seen = new ManualResetEventSlim();
        var change = store.Writer.WriteAsync(
            scope =>
            {
                scope.Execute(InsertSql, "A", 0);
                written.Set();
                seen.Wait();
            },
            CancellationToken.None);
        written.Wait();
        var early = Codes(store);
        seen.Set();
        await change;

        Assert.Equal("", early);
        Assert.Equal("A", Codes(store));
    }

    private const string InsertSql = "INSERT INTO publication (programme, school_year, published_on, source, log_index) VALUES (1, (SELECT COUNT(*) FROM publication), '', $1, $2)";

    private static Task<int> Insert(TemporaryStore store, string source, CancellationToken cancellation = default) =>
        store.Writer.WriteAsync(scope => scope.Execute(InsertSql, source, 0), cancellation);

    private static int InsertBlob(WriteScope scope, long id, int bytes) =>
        scope.Execute("INSERT INTO segment_column (segment_column_id, sealed) VALUES ($1, zeroblob($2))", id, bytes);

    private static string Codes(TemporaryStore store) =>
        store.Scalar<string>("SELECT COALESCE(group_concat(source), '') FROM (SELECT source FROM publication ORDER BY school_year)");

    // Keeps the writer busy until the gate opens, so that everything asked for meanwhile lands in one group.
    private static (ManualResetEventSlim Gate, Task First) Hold(TemporaryStore store)
    {
        var gate = new ManualResetEventSlim();
        var running = new ManualResetEventSlim();
        var first = store.Writer.WriteAsync(
            _ =>
            {
                running.Set();
                gate.Wait();
            },
            CancellationToken.None);
        running.Wait();
        return (gate, first);
    }
}
