using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Delivery.Server.TransferLog;

/// <summary>The one row that says how long the log is. Appends read and write it inside the transaction of the change they record.</summary>
internal sealed class LogHeadRow
{
    public int Id { get; set; }

    public long Size { get; set; }

    public byte[] Frontier { get; set; } = [];

    public long LastTimestampMs { get; set; }
}

/// <summary>A leaf: the exact bytes that were hashed. Triggers refuse to change or delete it.</summary>
internal sealed class LogLeafRow
{
    public long Index { get; set; }

    public long TimestampMs { get; set; }

    public string Kind { get; set; } = "";

    /// <summary>Project the leaf is about; empty if none.</summary>
    public string ProjectId { get; set; } = "";

    /// <summary>CVR number of the organisation that acted, which may see the leaf.</summary>
    public string Organisation { get; set; } = "";

    /// <summary>What makes the change unique, so that an outcome in doubt can be looked up; empty if nothing does.</summary>
    public string? IdempotencyKey { get; set; }

    public byte[] Body { get; set; } = [];

    public byte[] LeafHash { get; set; } = [];
}

/// <summary>256 hashes of one level (C2SP tlog-tiles, height 8), written when they are complete; <see cref="Root"/> is the hash above them.</summary>
internal sealed class LogTileRow
{
    public int Level { get; set; }

    public long Index { get; set; }

    public byte[] Hashes { get; set; } = [];

    public byte[] Root { get; set; } = [];
}

/// <summary>A signed checkpoint.</summary>
internal sealed class LogCheckpointRow
{
    public long Size { get; set; }

    public byte[] Root { get; set; } = [];

    public byte[] Note { get; set; } = [];
}

/// <summary>A checkpoint as one witness cosigned it, the first time it did: the log's signatures and that witness's.</summary>
internal sealed class LogCosignatureRow
{
    public long Size { get; set; }

    /// <summary>Name of the witness's key.</summary>
    public string Witness { get; set; } = "";

    public byte[] Note { get; set; } = [];
}

internal sealed class LogTables :
    IEntityTypeConfiguration<LogHeadRow>,
    IEntityTypeConfiguration<LogLeafRow>,
    IEntityTypeConfiguration<LogTileRow>,
    IEntityTypeConfiguration<LogCheckpointRow>,
    IEntityTypeConfiguration<LogCosignatureRow>
{
    public void Configure(EntityTypeBuilder<LogHeadRow> builder)
    {
        builder.ToTable("log_head", table => table.HasCheckConstraint("ck_log_head_one", "id = 1")).HasKey(row => row.Id);
        builder.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(row => row.Size).HasColumnName("size");
        builder.Property(row => row.Frontier).HasColumnName("frontier");
        builder.Property(row => row.LastTimestampMs).HasColumnName("last_timestamp_ms");
    }

    public void Configure(EntityTypeBuilder<LogLeafRow> builder)
    {
        builder.ToTable("log_leaf").HasKey(row => row.Index);
        builder.Property(row => row.Index).HasColumnName("idx").ValueGeneratedNever();
        builder.Property(row => row.TimestampMs).HasColumnName("timestamp_ms");
        builder.Property(row => row.Kind).HasColumnName("kind");
        builder.Property(row => row.ProjectId).HasColumnName("project_id");
        builder.Property(row => row.Organisation).HasColumnName("organisation");
        builder.Property(row => row.IdempotencyKey).HasColumnName("idempotency_key");
        builder.Property(row => row.Body).HasColumnName("body");
        builder.Property(row => row.LeafHash).HasColumnName("leaf_hash");
        builder.HasIndex(row => row.IdempotencyKey).IsUnique().HasDatabaseName("ux_log_leaf_idempotency_key");
        builder.HasIndex(row => row.ProjectId).HasDatabaseName("ix_log_leaf_project");
    }

    public void Configure(EntityTypeBuilder<LogTileRow> builder)
    {
        builder.ToTable("log_tile").HasKey(row => new { row.Level, row.Index });
        builder.Property(row => row.Level).HasColumnName("level");
        builder.Property(row => row.Index).HasColumnName("idx");
        builder.Property(row => row.Hashes).HasColumnName("hashes");
        builder.Property(row => row.Root).HasColumnName("root");
    }

    public void Configure(EntityTypeBuilder<LogCheckpointRow> builder)
    {
        builder.ToTable("log_checkpoint").HasKey(row => row.Size);
        builder.Property(row => row.Size).HasColumnName("size").ValueGeneratedNever();
        builder.Property(row => row.Root).HasColumnName("root");
        builder.Property(row => row.Note).HasColumnName("note");
    }

    public void Configure(EntityTypeBuilder<LogCosignatureRow> builder)
    {
        builder.ToTable("log_cosignature").HasKey(row => new { row.Size, row.Witness });
        builder.Property(row => row.Size).HasColumnName("size");
        builder.Property(row => row.Witness).HasColumnName("witness");
        builder.Property(row => row.Note).HasColumnName("note");
    }
}
