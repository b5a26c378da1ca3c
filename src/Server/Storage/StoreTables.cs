using Microsoft.EntityFrameworkCore;
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
