using System.Data.Common;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Microsoft.Extensions.Hosting;

namespace Delivery.EndToEnd.Crash;

/// <summary>A log that somebody who is let into the database alters by hand.</summary>
public abstract class AlteredLogTests(StoreKind store)
{
    // Far beyond what it takes: only a server that never notices comes this far.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_leaf_hash_that_was_altered_is_noticed_at_the_start()
    {
        await using var server = await SignedServer.StoppedAsync(store);
        Alter(server, "leaf_hash");
        Assert.Contains("altered", (await Assert.ThrowsAsync<InvalidDataException>(server.StartAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_leaf_that_is_altered_under_a_running_server_stops_it()
    {
        await using var server = await SignedServer.StoppedAsync(store);
        await server.StartAsync();
        var stops = new TaskCompletionSource();
        using var told = server.Get<IHostApplicationLifetime>().ApplicationStopping.Register(stops.SetResult);
        Alter(server, "body");
        await stops.Task.WaitAsync(Patience);
        Assert.Contains(server.Log.Lines, line => line.Contains("The transfer log was altered", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_found_its_log_altered_ends_with_a_code_that_says_not_to_start_it_again()
    {
        await using var server = await SignedServer.StoppedAsync(store);
        using var child = await ChildServer.StartAsync(server);
        Alter(server, "body");
        Assert.Equal(3, await child.EndsAsync());
    }

    [Theory]
    [InlineData("UPDATE log_leaf SET kind = kind")]
    [InlineData("DELETE FROM log_leaf WHERE idx = 1")]
    [InlineData("UPDATE log_head SET size = size - 1")]
    public async Task What_was_logged_cannot_be_changed_by_a_statement(string sql)
    {
        await using var server = await SignedServer.StoppedAsync(store);
        using var connection = server.Database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.Contains("never", Assert.ThrowsAny<DbException>(() => command.ExecuteNonQuery()).Message, StringComparison.Ordinal);
    }

    private static void Alter(RunningServer server, string column)
    {
        server.Database.Unprotect("log_leaf");
        using var connection = server.Database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {column} FROM log_leaf WHERE idx = {SignedServer.Victim}";
        var bytes = (byte[])command.ExecuteScalar()!;
        bytes[^3] ^= 1;
        command.CommandText = $"UPDATE log_leaf SET {column} = @bytes WHERE idx = {SignedServer.Victim}";
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@bytes", bytes);
        command.Parameters.Add(parameter);
        Assert.Equal(1, command.ExecuteNonQuery());
    }
}

public sealed class AlteredLogTestsOnSqlite() : AlteredLogTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class AlteredLogTestsOnPostgres() : AlteredLogTests(StoreKind.Postgres);
