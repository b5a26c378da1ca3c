using Npgsql;

namespace Delivery.EndToEnd.Running.Postgres;

/// <summary>A pair of PostgreSQL servers whose primary is lost. No server under test takes part.</summary>
[OneStore]
[NeedsPostgres]
public sealed class PostgresPairTests
{
    private const int Rounds = 3;

    [Fact]
    public async Task What_a_synchronous_pair_has_committed_survives_every_loss_of_its_primary()
    {
        await using var pair = await PostgresPair.StartAsync(isSynchronous: true);
        await ExecuteAsync(pair, "CREATE TABLE kept (round int)");
        for (var round = 1; round <= Rounds; round++)
        {
            await ExecuteAsync(pair, $"INSERT INTO kept VALUES ({round})");
            await pair.KillPrimaryAsync();
            Assert.Empty(WatchedProcess.In(pair.Primary.DataFolder));
            await pair.PromoteStandbyAsync();
            Assert.Equal(round, await CountAsync(pair));
            await pair.RebuildStandbyAsync();
        }
    }

    [Fact]
    public async Task What_an_asynchronous_standby_never_heard_of_is_lost_with_the_primary()
    {
        await using var pair = await PostgresPair.StartAsync(isSynchronous: false);
        await ExecuteAsync(pair, "CREATE TABLE kept (round int)");
        await ExecuteAsync(pair, "INSERT INTO kept VALUES (1)");
        await pair.Primary.UntilAsync("SELECT count(*) FROM pg_stat_replication WHERE replay_lsn = pg_current_wal_lsn()", 1);
        await pair.CutStandbyOffAsync();
        await ExecuteAsync(pair, "INSERT INTO kept VALUES (2)");
        await pair.KillPrimaryAsync();
        await pair.PromoteStandbyAsync();
        Assert.Equal(1, await CountAsync(pair));
    }

    [Fact]
    public async Task A_synchronous_pair_answers_no_commit_that_its_standby_does_not_have()
    {
        await using var pair = await PostgresPair.StartAsync(isSynchronous: true);
        await ExecuteAsync(pair, "CREATE TABLE kept (round int)");
        await pair.CutStandbyOffAsync();
        var waits = ExecuteAsync(pair, "INSERT INTO kept VALUES (1)");
        await pair.Primary.UntilAsync("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'", 1);
        Assert.False(waits.IsCompleted);
        await pair.KillPrimaryAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => waits);
    }

    private static async Task ExecuteAsync(PostgresPair pair, string sql)
    {
        await using var connection = await OpenAsync(pair);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> CountAsync(PostgresPair pair)
    {
        await using var connection = await OpenAsync(pair);
        await using var command = new NpgsqlCommand("SELECT count(*) FROM kept", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    // Not pooled: a pooled connection to the lost primary would be met again.
    private static async Task<NpgsqlConnection> OpenAsync(PostgresPair pair)
    {
        var connection = new NpgsqlConnection(pair.ConnectionString + ";Pooling=False");
        await connection.OpenAsync();
        return connection;
    }
}
