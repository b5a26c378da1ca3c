using System.Data.Common;
using Delivery.Server.Health;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;
using Delivery.Tests.Identity;
using Delivery.Tests.Storage;
using Delivery.Tests.TransferLog;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Delivery.Tests.Operations;

public sealed class ConditionTests
{
    [Fact]
    public async Task A_store_is_ready_again_once_a_commit_of_its_own_succeeds_and_keeps_nothing_of_it()
    {
        await using var store = new TemporaryStore();
        using var trial = new StoreTrial(store.Writer, store.Condition, TimeProvider.System);
        var connection = await store.Writer.WriteAsync(scope => scope.Command("").Connection!, CancellationToken.None);
        SetReadOnly(connection, isReadOnly: true);
        store.Condition.Failed("E_STORE_UNAVAILABLE");
        await trial.RunOnceAsync(CancellationToken.None);
        Assert.Equal(ReadinessState.Without(Impairment.Server, "E_STORE_UNAVAILABLE"), store.Condition.State);

        SetReadOnly(connection, isReadOnly: false);
        Assert.False(store.Condition.State.IsReady);
        await trial.RunOnceAsync(CancellationToken.None);
        Assert.Equal(ReadinessState.Ready, store.Condition.State);
        Assert.Equal(0L, store.Scalar<long>("SELECT COUNT(*) FROM generation_pin"));
    }

    [Fact]
    public async Task A_change_that_a_rule_refuses_says_nothing_about_the_store()
    {
        await using var store = new TemporaryStore();
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.Writer.WriteAsync(_ => throw new InvalidOperationException("a rule"), CancellationToken.None));
        await Assert.ThrowsAsync<SqliteException>(() => store.Writer.WriteAsync(scope => scope.Execute("INSERT INTO generation_pin (holder) VALUES (NULL)"), CancellationToken.None));
        Assert.True(store.Condition.State.IsReady);
    }

    [Fact]
    public async Task A_store_that_was_full_takes_no_changes_for_a_minute_whatever_small_one_it_took_since()
    {
        var clock = new SetClock(SampleAuthority.Now);
        var condition = new StoreCondition(clock);
        condition.Failed("E_STORE_FULL");
        condition.Committed();
        Assert.Equal(ReadinessState.Without(Impairment.Changes, "E_STORE_FULL"), condition.State);
        clock.Now += TimeSpan.FromMinutes(1);
        Assert.True(condition.State.IsReady);

        await using var store = new TemporaryStore(databaseSizeBytesMax: 2 << 20);
        await Assert.ThrowsAsync<StoreFullException>(() => store.Writer.WriteAsync(
            scope => scope.Execute("INSERT INTO segment_column (segment_column_id, sealed) VALUES (1, zeroblob(8388608))"), CancellationToken.None));
        Assert.Equal("E_STORE_FULL", store.Condition.State.Code);
    }

    [Fact]
    public async Task A_log_that_cannot_be_signed_is_missed_after_the_time_that_is_set_and_no_sooner()
    {
        using var log = new TemporaryLog();
        await log.AppendAsync(3);
        using var heart = Heart(log);
        log.Clock.Now += TimeSpan.FromSeconds(60);
        Assert.True(heart.State.IsReady);
        await heart.BeatAsync(CancellationToken.None);
        Assert.Equal(TimeSpan.Zero, heart.Age);

        // Nothing can be pinned where a folder stands in the way.
        File.Delete(log.Store.Settings.PinFile);
        Directory.CreateDirectory(log.Store.Settings.PinFile);
        await log.AppendAsync(1);
        log.Clock.Now += TimeSpan.FromSeconds(61);
        await heart.BeatAsync(CancellationToken.None);
        Assert.Equal(ReadinessState.Without(Impairment.Server, "E_CHECKPOINT_OLD"), heart.State);

        Directory.Delete(log.Store.Settings.PinFile);
        await heart.BeatAsync(CancellationToken.None);
        Assert.True(heart.State.IsReady);
    }

    [Fact]
    public void The_worst_condition_decides_and_each_is_told()
    {
        var readiness = new Readiness([new Told("b", Impairment.Extracts), new Told("a", Impairment.Changes), new Told("c", Impairment.None)]);
        Assert.Equal(Impairment.Changes, readiness.Impairment);
        Assert.Null(readiness.ClosedBy);
        Assert.Equal(["a", "b", "c"], readiness.Look().Select(condition => condition.Name));
        Assert.Equal("E_LOG_ALTERED", new Readiness([new Told("a", Impairment.Server), new Told("b", Impairment.Closed)]).ClosedBy);
    }

    [Theory]
    [InlineData("CheckpointAgeMax", "00:00:04")]
    [InlineData("DrainTime", "00:06:00")]
    [InlineData("PeerPingDelay", "00:00:00")]
    [InlineData("PeerPingTimeout", "01:00:00")]
    public void A_time_out_of_its_range_is_named(string setting, string value)
    {
        var options = new HealthOptions();
        typeof(HealthOptions).GetProperty(setting)!.SetValue(options, TimeSpan.Parse(value, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Contains($"{HealthOptions.Section}:{setting} ", options.Problem(), StringComparison.Ordinal);
    }

    private static CheckpointHeartbeat Heart(TemporaryLog log) => new(
        log.Checkpoints, log.Store.Writer, new Witnesses(log.Store.Store, log.Store.Writer, log.Settings, log.Clock), Options.Create(new HealthOptions()), log.Clock, NullLogger<CheckpointHeartbeat>.Instance);

    // Beside the writer, which waits for work.
    private static void SetReadOnly(DbConnection connection, bool isReadOnly)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA query_only = {(isReadOnly ? "ON" : "OFF")}";
        command.ExecuteNonQuery();
    }

    private sealed record Told(string Name, Impairment Impairment) : IReadinessCondition
    {
        public ReadinessState State => Impairment is Impairment.None ? ReadinessState.Ready : ReadinessState.Without(Impairment, "E_LOG_ALTERED");
    }
}
