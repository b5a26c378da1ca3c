using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Running;
using Delivery.Protocol.V1;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;

namespace Delivery.EndToEnd.Crash;

/// <summary>A database that was cut short or changed by hand while the server was down.</summary>
public sealed class DamagedStoreTests
{
    // The leaf of an approval, signed long before the harm is done; nothing reads it at the start.
    private const int Victim = 2;

    // Far beyond what it takes: only a server that never notices comes this far.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public async Task A_database_that_was_cut_short_is_not_served(double share)
    {
        await using var server = await StopAfterSigningAsync();
        using (var file = File.OpenWrite(DatabaseOf(server)))
        {
            file.SetLength((long)(file.Length * share));
        }

        Assert.Contains("damaged", (await Assert.ThrowsAsync<InvalidDataException>(server.StartAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_not_served()
    {
        await using var server = await StopAfterSigningAsync();
        var bytes = await File.ReadAllBytesAsync(DatabaseOf(server));
        bytes.AsSpan(0, 64).Fill((byte)'x');
        await File.WriteAllBytesAsync(DatabaseOf(server), bytes);
        Assert.Contains("damaged", (await Assert.ThrowsAsync<InvalidDataException>(server.StartAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_lost_its_write_ahead_log_in_a_crash_is_not_served()
    {
        await using var server = await StopAfterSigningAsync();
        using (var child = await ChildServer.StartAsync(server))
        {
            await server.PushAsync(SampleApproval.Of(server, "IN-THE-LOG-ONLY"));
            await SignAsync(server);
            child.Kill();
        }

        // A server that stops folds this file into the database; one that was killed cannot.
        var newest = DatabaseOf(server) + "-wal";
        Assert.NotEqual(0, new FileInfo(newest).Length);
        File.Delete(newest);
        Assert.Contains("older copy", (await Assert.ThrowsAsync<InvalidDataException>(server.StartAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_leaf_hash_that_was_altered_is_noticed_at_the_start()
    {
        await using var server = await StopAfterSigningAsync();
        Alter(server, "leaf_hash");
        Assert.Contains("altered", (await Assert.ThrowsAsync<InvalidDataException>(server.StartAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_leaf_that_is_altered_under_a_running_server_stops_it()
    {
        await using var server = await StopAfterSigningAsync();
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
        await using var server = await StopAfterSigningAsync();
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
        await using var server = await StopAfterSigningAsync();
        using var connection = Open(server);
        Assert.Throws<SqliteException>(() => Execute(connection, sql));
    }

    private static async Task<RunningServer> StopAfterSigningAsync()
    {
        var server = await RunningServer.StartNewAsync();
        Assert.Equal(Victim, (await server.PushAsync(SampleApproval.Of(server, "DAMAGED"))).LogIndex);
        await SignAsync(server);
        await server.StopAsync();
        SqliteConnection.ClearAllPools();
        return server;
    }

    private static async Task SignAsync(RunningServer server) =>
        await new TransferLogService.TransferLogServiceClient(server.Channel("auditor")).GetCheckpointAsync(new GetCheckpointRequest());

    private static string DatabaseOf(RunningServer server) => Path.Combine(server.DataFolder, "delivery.db");

    // Who can write the file can drop the triggers first.
    private static void Alter(RunningServer server, string column)
    {
        using var connection = Open(server);
        var triggers = new List<string>();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'log_leaf'";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                triggers.Add(reader.GetString(0));
            }
        }

        triggers.ForEach(name => Execute(connection, $"DROP TRIGGER \"{name}\""));
        byte[] bytes;
        using (var command = connection.CreateCommand())
        {
            command.CommandText = $"SELECT {column} FROM log_leaf WHERE idx = {Victim}";
            bytes = (byte[])command.ExecuteScalar()!;
        }

        bytes[^3] ^= 1;
        using var update = connection.CreateCommand();
        update.CommandText = $"UPDATE log_leaf SET {column} = $1 WHERE idx = {Victim}";
        update.Parameters.AddWithValue("$1", bytes);
        update.ExecuteNonQuery();
    }

    private static SqliteConnection Open(RunningServer server)
    {
        var connection = new SqliteConnection($"Data Source={DatabaseOf(server)};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
