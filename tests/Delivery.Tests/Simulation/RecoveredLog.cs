using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Delivery.Tests.Simulation;

/// <summary>One leaf as any JSON reader sees it.</summary>
internal sealed record RecoveredLeaf(long Row, byte[] Body, byte[] StoredHash, JsonElement Json)
{
    public string Type => Text("t");

    public string Project => Text("project_id");

    public string Call => Text("call_id");

    /// <summary>A text field, empty where the leaf has none.</summary>
    public string Text(string field) => Json.TryGetProperty(field, out var value) ? value.GetString()! : "";

    public long Number(string field) => Json.GetProperty(field).GetInt64();
}

/// <summary>The log as it stands in a database file, read with nothing of the service's own code.</summary>
internal sealed class RecoveredLog
{
    public RecoveredLog(string databaseFile)
    {
        using var connection = new SqliteConnection($"Data Source={databaseFile};Mode=ReadOnly;Pooling=False");
        connection.Open();
        Leaves = [.. Rows(connection, "SELECT idx, body, leaf_hash FROM log_leaf ORDER BY idx").Select(row => new RecoveredLeaf(
            (long)row[0], (byte[])row[1], (byte[])row[2], JsonDocument.Parse((byte[])row[1]).RootElement))];
        Size = (long)Rows(connection, "SELECT size FROM log_head").Single()[0];
        Tiles = [.. Rows(connection, "SELECT level, idx, hashes, root FROM log_tile").Select(row => ((long)row[0], (long)row[1], (byte[])row[2], (byte[])row[3]))];
        Checkpoints = [.. Rows(connection, "SELECT note FROM log_checkpoint").Select(row => (byte[])row[0])];
    }

    public IReadOnlyList<RecoveredLeaf> Leaves { get; }

    /// <summary>What the head says.</summary>
    public long Size { get; }

    public IReadOnlyList<(long Level, long Index, byte[] Hashes, byte[] Root)> Tiles { get; }

    /// <summary>Notes that were signed and stored.</summary>
    public IReadOnlyList<byte[]> Checkpoints { get; }

    private static List<object[]> Rows(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object[]>();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }
}
