using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Delivery.EndToEnd.Running;

/// <summary>The file in a data folder. Whoever removes the folder removes it.</summary>
internal sealed class SqliteDatabase(string folder) : ITestDatabase
{
    public string File { get; } = Path.Combine(folder, "delivery.db");

    public IEnumerable<(string Key, string Value)> Settings => [("Delivery:Database:Provider", nameof(StoreKind.Sqlite))];

    public DbConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection;
    }

    public void Unprotect(string table)
    {
        using var connection = Open();
        var triggers = new List<string>();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = $"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                triggers.Add(reader.GetString(0));
            }
        }

        using var drop = connection.CreateCommand();
        drop.CommandText = string.Join(';', triggers.Select(name => $"DROP TRIGGER \"{name}\""));
        drop.ExecuteNonQuery();
    }

    public Action Copy()
    {
        SqliteConnection.ClearAllPools();
        var copy = Files().ToDictionary(file => file, System.IO.File.ReadAllBytes);
        return () =>
        {
            SqliteConnection.ClearAllPools();
            foreach (var file in Files())
            {
                System.IO.File.Delete(file);
            }

            foreach (var (file, content) in copy)
            {
                System.IO.File.WriteAllBytes(file, content);
            }
        };
    }

    public IEnumerable<(string Name, byte[] Bytes)> Contents() => [];

    public void Dispose()
    {
        // Pooled readers would otherwise keep the file open.
        SqliteConnection.ClearAllPools();
        if (Directory.Exists(folder))
        {
            LeafScan.Require(folder);
        }
    }

    // The database and its write-ahead log.
    private string[] Files() => Directory.GetFiles(folder, "delivery.db*");
}
