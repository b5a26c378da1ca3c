using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Delivery.Server.Storage;

/// <summary>Statements with parameters <c>$1</c>, <c>$2</c> …, which both providers read: PostgreSQL by place, SQLite by name.</summary>
internal static class SqlCommands
{
    public static DbCommand Command(this DbConnection connection, DbTransaction? transaction, string sql, params ReadOnlySpan<object> parameters)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        for (var index = 0; index < parameters.Length; index++)
        {
            var parameter = command.CreateParameter();
            parameter.Value = parameters[index];
            if (parameter is SqliteParameter)
            {
                parameter.ParameterName = $"${index + 1}";
            }

            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>Runs a statement outside any transaction of the caller's.</summary>
    public static void Execute(this DbConnection connection, string sql)
    {
        using var command = connection.Command(null, sql);
        command.ExecuteNonQuery();
    }

    /// <summary>One value, or null.</summary>
    public static object? Scalar(this DbConnection connection, string sql, params ReadOnlySpan<object> parameters)
    {
        using var command = connection.Command(null, sql, parameters);
        return command.ExecuteScalar() is var value && value is DBNull ? null : value;
    }
}
