using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Server.Storage;
using Delivery.Server.Storage.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Delivery.EndToEnd.Storage;

/// <summary>Migrations are written by hand; these tests hold PostgreSQL's to the model, and to what the database itself must refuse.</summary>
[OneStore]
[NeedsPostgres]
public sealed class PostgresSchemaTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("delivery-schema-").FullName;
    private readonly PostgresDatabase _migrated = new();
    private readonly PostgresDatabase _made = new();

    [Fact]
    public void The_schema_after_migrating_is_the_one_the_model_makes_and_migrating_again_changes_nothing()
    {
        Migrate();
        using var made = (NpgsqlConnection)_made.Open();
        using (var store = Store(_made, "made"))
        using (var db = store.Over(made))
        {
            Execute(made, db.Database.GenerateCreateScript());
        }

        using var migrated = (NpgsqlConnection)_migrated.Open();
        var shapes = Shapes(migrated);
        Assert.NotEmpty(shapes);
        Assert.Equal(Shapes(made), shapes);
        Migrate();
        Assert.Equal(shapes, Shapes(migrated));
    }

    [Fact]
    public async Task Servers_that_start_at_once_on_an_empty_database_make_its_schema_once()
    {
        const int Servers = 6;
        using var together = new Barrier(Servers);
        await Task.WhenAll(Enumerable.Range(0, Servers).Select(server => Task.Factory.StartNew(
            () =>
            {
                using var store = Store(_migrated, $"server-{server}");
                together.SignalAndWait();
                using var session = store.OpenSession(guard: null);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        using var connection = (NpgsqlConnection)_migrated.Open();
        using var command = new NpgsqlCommand("SELECT count(*) FROM store_replica", connection);
        Assert.Equal((long)Servers, command.ExecuteScalar());
    }

    [Fact]
    public void The_database_itself_refuses_to_rewrite_history()
    {
        Migrate();
        using var connection = (NpgsqlConnection)_migrated.Open();
        Execute(connection, """
            INSERT INTO log_head (id, size, frontier, last_timestamp_ms) VALUES (1, 1, '\x00', 0);
            INSERT INTO log_leaf (idx, timestamp_ms, kind, project_id, organisation, body, leaf_hash) VALUES (0, 0, 'kind', '', '', '\x7b7d', '\x00');
            INSERT INTO log_tile (level, idx, hashes, root) VALUES (0, 0, '\x00', '\x01');
            INSERT INTO log_checkpoint (size, root, note) VALUES (1, '\x00', '\x01');
            INSERT INTO log_cosignature (size, witness, note) VALUES (1, 'w', '\x01');
            INSERT INTO generation_use (holder, partition_id, generation) VALUES ('E', 1, 1);
            INSERT INTO approval (project_id, version, document, document_digest, scope_digest, commitment_salt, log_index) VALUES ('P', 1, '\x01', '\x00', '\x00', '\x00', 0);
            INSERT INTO project (project_id, version, state, controller_cvr, deletion_due, was_overdue, reason) VALUES ('P', 1, 8, '', '', false, '');
            """);
        foreach (var table in new[] { "log_leaf", "log_tile", "log_checkpoint", "log_cosignature", "approval", "generation_use" })
        {
            Refuses(connection, $"DELETE FROM {table}");
            Refuses(connection, $"TRUNCATE {table}");
        }

        Refuses(connection, "UPDATE log_leaf SET kind = 'other'");
        Refuses(connection, @"UPDATE log_tile SET root = '\x00'");
        Refuses(connection, @"UPDATE log_checkpoint SET note = '\x00'");
        Refuses(connection, @"UPDATE approval SET document = '\x00'");
        Refuses(connection, "UPDATE log_head SET size = size - 1");
        Refuses(connection, "DELETE FROM log_head");
        Refuses(connection, "UPDATE project SET state = 1");
        Execute(connection, "UPDATE log_head SET size = size + 1");
    }

    public void Dispose()
    {
        _migrated.Dispose();
        _made.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static void Refuses(NpgsqlConnection connection, string sql) =>
        Assert.Equal(PostgresErrorCodes.IntegrityConstraintViolation, Assert.Throws<PostgresException>(() => Execute(connection, sql)).SqlState);

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    // Columns, indexes and constraints; what EF keeps about migrations belongs to no model.
    private static List<string> Shapes(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(
            """
            SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') || ' ' || coalesce(collation_name, '')
            FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\_\_EF%'
            UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE '\_\_EF%'
            UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
                WHERE connamespace = 'public'::regnamespace AND contype <> 't' AND conrelid::regclass::text NOT LIKE '%\_\_EF%'
            ORDER BY 1
            """,
            connection);
        using var reader = command.ExecuteReader();
        var shapes = new List<string>();
        while (reader.Read())
        {
            shapes.Add(reader.GetString(0));
        }

        return shapes;
    }

    private void Migrate()
    {
        using var store = Store(_migrated, "migrated");
        using var session = store.OpenSession(guard: null);
    }

    private PostgresStore Store(PostgresDatabase database, string name)
    {
        var settings = database.Settings.ToDictionary(StringComparer.Ordinal);
        var options = new DatabaseOptions { Provider = DatabaseProvider.Postgres, ConnectionString = settings["Delivery:Database:ConnectionString"], ClockSkewMax = TimeSpan.Zero };
        return new PostgresStore(Options.Create(options), Options.Create(new StorageOptions { DataFolder = Path.Combine(_folder, name) }), TimeProvider.System);
    }
}
