using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Delivery.Server.Intake;

/// <summary>Some rows of one import and one partition that an error rule speaks against. No extract can read them.</summary>
internal sealed class QuarantineRow
{
    public long ImportId { get; set; }

    /// <summary>0 where the rows name no partition.</summary>
    public int PartitionId { get; set; }

    public int Ordinal { get; set; }

    public int Rows { get; set; }

    /// <summary>Twelve bytes a row, big-endian: its number in the file (64 bits) and its findings (32 bits).</summary>
    public byte[] Findings { get; set; } = [];

    /// <summary>The rows as they stood in the file, sealed; empty once nothing of the import is read any more.</summary>
    public byte[] Sealed { get; set; } = [];
}

internal sealed class QuarantineTables : IEntityTypeConfiguration<QuarantineRow>
{
    public void Configure(EntityTypeBuilder<QuarantineRow> builder)
    {
        builder.ToTable("quarantine").HasKey(row => new { row.ImportId, row.PartitionId, row.Ordinal });
        builder.Property(row => row.ImportId).HasColumnName("import_id");
        builder.Property(row => row.PartitionId).HasColumnName("partition_id");
        builder.Property(row => row.Ordinal).HasColumnName("ordinal");
        builder.Property(row => row.Rows).HasColumnName("row_count");
        builder.Property(row => row.Findings).HasColumnName("findings");
        builder.Property(row => row.Sealed).HasColumnName("sealed");
    }
}
