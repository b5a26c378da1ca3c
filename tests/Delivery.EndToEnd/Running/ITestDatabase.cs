using System.Data.Common;

namespace Delivery.EndToEnd.Running;

/// <summary>
/// The database of a test's server, as somebody beside the server meets it. Disposing it looks into every leaf for what none may say, and removes
/// what the data folder does not hold. One test at a time uses it.
/// </summary>
internal interface ITestDatabase : IDisposable
{
    /// <summary>The settings by which a server finds it.</summary>
    IEnumerable<(string Key, string Value)> Settings { get; }

    /// <summary>An open connection that may write; the caller disposes it.</summary>
    DbConnection Open();

    /// <summary>Executes statements on a connection of their own.</summary>
    async Task ExecuteAsync(string sql)
    {
        await using var connection = Open();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>What a statement answers, on a connection of its own.</summary>
    async Task<long> NumberAsync(string sql)
    {
        await using var connection = Open();
        return await connection.NumberAsync(sql);
    }

    /// <summary>Takes away what keeps a table from being altered, as anybody could who is let into the database.</summary>
    void Unprotect(string table);

    /// <summary>Copies it while no server runs on it. What it answers brings the copy back, as often as it is called.</summary>
    Action Copy();

    /// <summary>All that it holds outside the data folder, as bytes.</summary>
    IEnumerable<(string Name, byte[] Bytes)> Contents();
}
