using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace Delivery.EndToEnd.Running.Postgres;

/// <summary>A database of its own in the shared cluster, removed when it is disposed.</summary>
internal sealed class PostgresDatabase : ITestDatabase
{
    private readonly PostgresCluster _cluster = PostgresCluster.Shared;
    private readonly List<string> _copies = [];
    private readonly string _name;

    public PostgresDatabase() => _name = _cluster.CreateDatabase();

    public IEnumerable<(string Key, string Value)> Settings =>
    [
        ("Delivery:Database:Provider", nameof(StoreKind.Postgres)),
        ("Delivery:Database:ConnectionString", _cluster.ConnectionString(_name)),
        // What a killed server left undone is ended by the next; the tests wait for that.
        ("Delivery:Database:ReplicaTimeout", "00:00:01"),
        // The tests turn the server's clock and not the cluster's.
        ("Delivery:Database:ClockSkewMax", "00:00:00"),
    ];

    public DbConnection Open()
    {
        var connection = new NpgsqlConnection(_cluster.ConnectionString(_name) + ";Pooling=False");
        connection.Open();
        return connection;
    }

    public void Unprotect(string table)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"ALTER TABLE {table} DISABLE TRIGGER USER";
        command.ExecuteNonQuery();
    }

    public Action Copy()
    {
        _cluster.Disconnect(_name);
        var copy = _cluster.CreateDatabase(_name);
        _copies.Add(copy);
        return () =>
        {
            _cluster.DropDatabase(_name);
            _cluster.CreateDatabase(_name, copy);
        };
    }

    /// <summary>Each table as PostgreSQL copies it, uncompressed, and the files of the database, which also hold what was deleted.</summary>
    public IEnumerable<(string Name, byte[] Bytes)> Contents()
    {
        using var connection = (NpgsqlConnection)Open();
        foreach (var table in Texts(connection, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"))
        {
            using var content = new MemoryStream();
            using (var copy = connection.BeginRawBinaryCopy($"COPY \"{table}\" TO STDOUT (FORMAT binary)"))
            {
                copy.CopyTo(content);
            }

            yield return (table, content.ToArray());
        }

        var id = Assert.Single(Texts(connection, "SELECT oid::text FROM pg_database WHERE datname = current_database()"));
        foreach (var file in _cluster.Files(_name, id))
        {
            yield return (Path.GetFileName(file), File.ReadAllBytes(file));
        }
    }

    public void Dispose()
    {
        try
        {
            LeafScan.Require(Leaves());
        }
        finally
        {
            _copies.Append(_name).ToList().ForEach(_cluster.DropDatabase);
        }
    }

    private List<byte[]> Leaves()
    {
        using var connection = (NpgsqlConnection)Open();
        if (Texts(connection, "SELECT to_regclass('log_leaf')::text").Count == 0)
        {
            return [];
        }

        using var command = new NpgsqlCommand("SELECT body FROM log_leaf", connection);
        using var reader = command.ExecuteReader();
        var bodies = new List<byte[]>();
        while (reader.Read())
        {
            bodies.Add(reader.GetFieldValue<byte[]>(0));
        }

        return bodies;
    }

    private static List<string> Texts(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        using var reader = command.ExecuteReader();
        var texts = new List<string>();
        while (reader.Read())
        {
            if (!reader.IsDBNull(0))
            {
                texts.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture)!);
            }
        }

        return texts;
    }
}
