using System.Security.Cryptography;
using Npgsql;

namespace Delivery.EndToEnd.Running.Postgres;

/// <summary>The cluster that the tests of a run share. No server under test takes part.</summary>
[OneStore]
[NeedsPostgres]
public sealed class PostgresClusterTests
{
    [Fact]
    public void Every_database_is_its_own_and_a_copy_brings_back_what_was()
    {
        using var one = new PostgresDatabase();
        using var other = new PostgresDatabase();
        Execute(one, "CREATE TABLE kept (word text)");
        Execute(one, "INSERT INTO kept VALUES ('before')");
        var restore = one.Copy();
        for (var time = 0; time < 2; time++)
        {
            Execute(one, "INSERT INTO kept VALUES ('after')");
            Assert.Equal(2L, Count(one));
            restore();
            Assert.Equal(1L, Count(one));
        }

        Assert.Throws<PostgresException>(() => Count(other));
    }

    [Fact]
    public void What_a_database_holds_is_found_in_its_contents_also_after_it_was_deleted()
    {
        using var database = new PostgresDatabase();
        Execute(database, "CREATE TABLE kept (word bytea)");
        Execute(database, "INSERT INTO kept VALUES (convert_to('now and for ever', 'UTF8'))");
        Assert.Contains(database.Contents(), part => part.Name == "kept" && part.Bytes.AsSpan().IndexOf("now and for ever"u8) >= 0);

        Execute(database, "DELETE FROM kept");
        Assert.Contains(database.Contents(), part => part.Bytes.AsSpan().IndexOf("now and for ever"u8) >= 0);
    }

    [Fact]
    public void A_leaf_that_says_too_much_is_found_before_the_database_is_removed()
    {
        var database = new PostgresDatabase();
        Execute(database, "CREATE TABLE log_leaf (body bytea)");
        Execute(database, "INSERT INTO log_leaf VALUES (convert_to('{\"actor\":\"750308-4001\"}', 'UTF8'))");
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(database.Dispose);
        Assert.Throws<PostgresException>(() => database.Open());
    }

    [Fact]
    public void Nobody_connects_without_the_password()
    {
        using var database = new PostgresDatabase();
        var settings = database.Settings.Single(setting => setting.Key.EndsWith("ConnectionString", StringComparison.Ordinal)).Value;
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(settings) { Password = "guessed", Pooling = false }.ToString());
        Assert.Equal(PostgresErrorCodes.InvalidPassword, Assert.Throws<PostgresException>(connection.Open).SqlState);
    }

    [Fact]
    public async Task A_run_that_is_killed_leaves_neither_a_process_nor_a_file()
    {
        var folder = await PostgresInstallation.MakeFolderAsync();
        var node = new PostgresNode(folder, "left", RandomNumberGenerator.GetHexString(32));
        await node.InitializeAsync();
        await node.StartAsync();
        Assert.NotEmpty(WatchedProcess.In(node.DataFolder));
        await node.AbandonAsync();
        Assert.Empty(WatchedProcess.In(node.DataFolder));
        Assert.False(Directory.Exists(folder));
    }

    private static void Execute(PostgresDatabase database, string sql)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Count(PostgresDatabase database)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM kept";
        return command.ExecuteScalar();
    }
}
