using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Delivery.Server.Intake;

/// <summary>One source delivery. While it runs its partitions' new generations are staged; they become current together or not at all.</summary>
internal sealed class ImportRow
{
    public long ImportId { get; set; }

    public string SourceDeliveryId { get; set; } = "";

    public ImportState State { get; set; }

    /// <summary>SHA-256 of the file; empty until it is complete.</summary>
    public byte[] FileDigest { get; set; } = [];

    /// <summary>The answer given, serialised protobuf, for a repeated call; empty until it is complete.</summary>
    public byte[] Report { get; set; } = [];

    /// <summary>The server process it runs or ran on; 0 in imports from before servers were told apart.</summary>
    public long ReplicaId { get; set; }
}

internal enum ImportState
{
    Running = 1,
    Completed = 2,
}

internal sealed class ImportTables : IEntityTypeConfiguration<ImportRow>
{
    public void Configure(EntityTypeBuilder<ImportRow> builder)
    {
        builder.ToTable("import").HasKey(row => row.ImportId);
        builder.Property(row => row.ImportId).HasColumnName("import_id").ValueGeneratedNever();
        builder.Property(row => row.SourceDeliveryId).HasColumnName("source_delivery_id");
        builder.Property(row => row.State).HasColumnName("state");
        builder.Property(row => row.FileDigest).HasColumnName("file_digest");
        builder.Property(row => row.Report).HasColumnName("report");
        builder.Property(row => row.ReplicaId).HasColumnName("replica_id").HasDefaultValue(0L);
        builder.HasIndex(row => row.SourceDeliveryId).IsUnique().HasDatabaseName("ux_import_source_delivery");
    }
}
