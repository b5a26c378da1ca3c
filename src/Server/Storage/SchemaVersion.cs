using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Delivery.Server.Storage;

/// <summary>The one row that says which schema the database has, and the oldest servers that may go on using it while others are upgraded.</summary>
internal sealed class SchemaRow
{
    public int Id { get; set; }

    /// <summary>Number of the newest migration.</summary>
    public int Number { get; set; }

    /// <summary>Tells the key-encryption key that partitions' keys are wrapped under; empty until the first server came.</summary>
    public string WrappingKeyId { get; set; } = "";

    /// <summary>Servers made for an older schema than this one must not use the database any more.</summary>
    public int OldestServer { get; set; }
}

/// <summary>A server process that uses the database, or did and left something to be ended.</summary>
internal sealed class ReplicaRow
{
    public long ReplicaId { get; set; }

    /// <summary>Number of its newest commit, by which it learns what became of a commit whose answer was lost.</summary>
    public long CommitNumber { get; set; }
}

internal sealed class StoreTables : IEntityTypeConfiguration<SchemaRow>, IEntityTypeConfiguration<ReplicaRow>
{
    public void Configure(EntityTypeBuilder<SchemaRow> builder)
    {
        builder.ToTable("store_schema", table => table.HasCheckConstraint("ck_store_schema_one", "id = 1")).HasKey(row => row.Id);
        builder.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(row => row.Number).HasColumnName("number");
        builder.Property(row => row.WrappingKeyId).HasColumnName("wrapping_key_id");
        builder.Property(row => row.OldestServer).HasColumnName("oldest_server");
    }

    public void Configure(EntityTypeBuilder<ReplicaRow> builder)
    {
        builder.ToTable("store_replica").HasKey(row => row.ReplicaId);
        builder.Property(row => row.ReplicaId).HasColumnName("replica_id").ValueGeneratedNever();
        builder.Property(row => row.CommitNumber).HasColumnName("commit_number");
    }
}

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
