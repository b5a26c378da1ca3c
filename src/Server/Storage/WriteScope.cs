using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Delivery.Server.Storage;

/// <summary>
/// What one change may use while it runs inside the writer's transaction. It lives on the writer's thread only, for the length of the
/// change, and is never kept.
/// </summary>
internal sealed class WriteScope(SqliteConnection connection, SqliteTransaction transaction) : IDisposable
{
    private DeliveryDb? _db;

    /// <summary>EF Core inside this transaction. The change calls <c>SaveChanges</c> itself.</summary>
    public DeliveryDb Db
    {
        get
        {
            if (_db is null)
            {
                _db = DeliveryDb.Over(connection);
                _db.Database.UseTransaction(transaction);
            }

            return _db;
        }
    }

    /// <summary>A command inside this transaction; parameters are given in the order of <c>$1</c>, <c>$2</c> ….</summary>
    public SqliteCommand Command(string sql, params ReadOnlySpan<object> parameters)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        for (var index = 0; index < parameters.Length; index++)
        {
            command.Parameters.AddWithValue($"${index + 1}", parameters[index]);
        }

        return command;
    }

    /// <summary>Runs a statement and returns the number of rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object> parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    public void Dispose() => _db?.Dispose();
}
