using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Delivery.Server.Storage;

/// <summary>Holds the database's schema against what this version of the server was made for.</summary>
internal static class SchemaVersion
{
    /// <summary>Number of the newest migration this server knows.</summary>
    public const int Current = 7;

    /// <summary>Refuses a database that a later version has changed so that this one can no longer use it.</summary>
    /// <exception cref="InvalidDataException">It has.</exception>
    public static void RequireServable(DbConnection connection)
    {
        if (!Exists(connection))
        {
            return;
        }

        using var command = connection.Command(null, "SELECT number, oldest_server FROM store_schema WHERE id = 1");
        using var reader = command.ExecuteReader();
        if (reader.Read() && reader.GetInt32(1) > Current)
        {
            throw new InvalidDataException(
                $"The database has schema {reader.GetInt32(0)} and is for servers of schema {reader.GetInt32(1)} or later; this server is made for {Current}. Start a newer server.");
        }
    }

    /// <summary>Refuses a database that lacks a table or a column, whatever its list of migrations says.</summary>
    /// <exception cref="InvalidDataException">One is missing.</exception>
    public static void RequireWhole(DeliveryDb db, DbConnection connection)
    {
        foreach (var table in db.Model.GetEntityTypes())
        {
            var place = StoreObjectIdentifier.Table(table.GetTableName()!, table.GetSchema());
            var columns = string.Join(", ", table.GetProperties().Select(property => $"\"{property.GetColumnName(place)}\""));
            try
            {
                using var command = connection.Command(null, $"SELECT {columns} FROM \"{place.Name}\" WHERE 1 = 0");
                command.ExecuteNonQuery();
            }
            catch (DbException exception) when (exception.SqlState is null or "42P01" or "42703")
            {
                throw new InvalidDataException(
                    $"The table {place.Name} of the database is not as schema {Current} has it: a migration was applied in part, or by hand. Restore the database as it was before the upgrade.", exception);
            }
        }
    }

    private static bool Exists(DbConnection connection) =>
        connection is Microsoft.Data.Sqlite.SqliteConnection
            ? connection.Scalar("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'store_schema'") is 1L
            : connection.Scalar("SELECT to_regclass('store_schema')::text") is string;
}
