using System.Data.Common;
using System.Text.RegularExpressions;
using Delivery.Server.Storage;
using Delivery.Server.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Delivery.Tests.Storage;

/// <summary>Migrations are written by hand; these tests hold them to the model.</summary>
public sealed partial class SchemaTests : IDisposable
{
    private readonly TemporaryStore _store = new();

    [Fact]
    public void The_schema_after_migrating_is_the_one_the_model_makes()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var db = _store.Store.Over(connection);
        Execute(connection, db.Database.GenerateCreateScript());
        using var migrated = _store.Store.OpenReader();

        Assert.Equal(Shapes(connection), Shapes(migrated));
    }

    [Fact]
    public async Task Migrating_twice_changes_nothing()
    {
        using var first = _store.Store.OpenReader();
        var before = Shapes(first);

        await _store.RestartAsync();

        using var second = _store.Store.OpenReader();
        Assert.Equal(before, Shapes(second));
    }

    [Fact]
    public void Two_servers_never_share_a_data_folder()
    {
        using var other = new SqliteStore(Options.Create(_store.Settings));

        Assert.Contains(_store.Folder, Assert.Throws<InvalidDataException>(() => other.OpenSession(null)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE log_leaf SET kind = 'other'")]
    [InlineData("DELETE FROM log_leaf")]
    [InlineData("UPDATE log_tile SET root = x'00'")]
    [InlineData("DELETE FROM log_tile")]
    [InlineData("UPDATE log_checkpoint SET note = x'00'")]
    [InlineData("DELETE FROM log_checkpoint")]
    [InlineData("UPDATE log_head SET size = size - 1")]
    [InlineData("UPDATE approval SET document = x'00'")]
    [InlineData("DELETE FROM approval")]
    [InlineData("UPDATE project SET state = 1")]
    public async Task The_database_itself_refuses_to_rewrite_history(string rewriting)
    {
        await _store.Writer.WriteAsync(
            scope =>
            {
                scope.Execute("INSERT INTO log_head (id, size, frontier, last_timestamp_ms) VALUES (1, 1, x'00', 0)");
                scope.Execute("INSERT INTO log_leaf (idx, timestamp_ms, kind, project_id, organisation, body, leaf_hash) VALUES (0, 0, 'kind', '', '', x'00', x'00')");
                scope.Execute("INSERT INTO log_tile (level, idx, hashes, root) VALUES (0, 0, x'00', x'01')");
                scope.Execute("INSERT INTO log_checkpoint (size, root, note) VALUES (1, x'00', x'01')");
                scope.Execute("INSERT INTO approval (project_id, version, document, document_digest, scope_digest, commitment_salt, log_index) VALUES ('P', 1, x'01', x'00', x'00', x'00', 0)");
                scope.Execute("INSERT INTO project (project_id, version, state, controller_cvr, deletion_due, was_overdue, reason) VALUES ('P', 1, 8, '', '', 0, '')");
            },
            CancellationToken.None);

        var refused = await Assert.ThrowsAsync<SqliteException>(() => _store.Writer.WriteAsync(scope => scope.Execute(rewriting), CancellationToken.None));

        Assert.Equal(SQLitePCL.raw.SQLITE_CONSTRAINT, refused.SqliteErrorCode);
    }

    [Fact]
    public async Task The_log_has_one_head() => await Assert.ThrowsAsync<SqliteException>(() => _store.Writer.WriteAsync(
        scope => scope.Execute("INSERT INTO log_head (id, size, frontier, last_timestamp_ms) VALUES (2, 0, x'00', 0)"), CancellationToken.None));

    [Fact]
    public async Task A_commit_is_on_disk_before_it_is_answered()
    {
        var (journal, synchronous) = await _store.Writer.WriteAsync(scope => (Pragma(scope, "journal_mode"), Pragma(scope, "synchronous")), CancellationToken.None);

        Assert.Equal(("wal", "2"), (journal, synchronous));
    }

    [Fact]
    public void Readers_cannot_write()
    {
        using var reader = _store.Store.OpenReader();

        var refused = Assert.Throws<SqliteException>(() => Execute(reader, "DELETE FROM project"));

        Assert.Equal(SQLitePCL.raw.SQLITE_READONLY, refused.SqliteErrorCode);
    }

    public void Dispose() => _store.Dispose();

    // Tables and indexes as they were declared, without layout; what EF keeps about migrations, and triggers, belong to no model.
    private static List<string> Shapes(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL AND name NOT LIKE '\\_\\_EF%' ESCAPE '\\' ORDER BY type, name";
        using var reader = command.ExecuteReader();
        var shapes = new List<string>();
        while (reader.Read())
        {
            shapes.Add($"{reader.GetString(0)} {reader.GetString(1)}: {Blanks().Replace(reader.GetString(2), "$1 ")}");
        }

        Assert.NotEmpty(shapes);
        return shapes;
    }

    private static string Pragma(WriteScope scope, string name)
    {
        using var command = scope.Command($"PRAGMA {name}");
        return command.ExecuteScalar()!.ToString()!;
    }

    private static void Execute(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    [GeneratedRegex("\\s*([,()]|\\s)\\s*")]
    private static partial Regex Blanks();
}
