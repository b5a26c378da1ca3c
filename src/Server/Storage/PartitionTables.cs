using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Delivery.Server.Storage;

/// <summary>One programme × school year × subject × grade. Its data key is wrapped by the key-encryption key.</summary>
internal sealed class PartitionRow
{
    public int PartitionId { get; set; }

    public string Code { get; set; } = "";

    /// <summary>The generation that reads see; 0 while nothing was imported.</summary>
    public long CurrentGeneration { get; set; }

    public byte[] WrappedKey { get; set; } = [];
}

/// <summary>One state of a partition, made by one import. Segments of a generation above the current one belong to an import under way.</summary>
internal sealed class GenerationRow
{
    public int PartitionId { get; set; }

    public long Generation { get; set; }

    public long ImportId { get; set; }

    public GenerationState State { get; set; }

    public long Rows { get; set; }

    public long VoluntaryRows { get; set; }

    public byte[] QualityReport { get; set; } = [];

    public byte[] QualityDigest { get; set; } = [];
}

internal enum GenerationState
{
    /// <summary>What reads see.</summary>
    Current = 1,

    /// <summary>Replaced; its segments stay while an extract pins them.</summary>
    Superseded = 2,

    /// <summary>Replaced, read by nobody, its segments gone; what is known about it stays.</summary>
    Removed = 3,
}

/// <summary>At most 65,536 rows of one generation.</summary>
internal sealed class SegmentRow
{
    public long SegmentId { get; set; }

    public int PartitionId { get; set; }

    public long Generation { get; set; }

    public int Ordinal { get; set; }

    public int Rows { get; set; }

    /// <summary>Rows that never leave: voluntary, or not obliged in 2019/20.</summary>
    public int WithheldRows { get; set; }

    /// <summary>Bit set of the <see cref="StoredColumn"/> numbers it holds, with how wide (<see cref="StoredColumns.Bits"/>); a column not held is null in every row.</summary>
    public long Columns { get; set; }
}

/// <summary>One sealed column of one segment. Its key is segment × 64 + column, so that a blob is opened by row id without an index.</summary>
internal sealed class SegmentColumnRow
{
    public long SegmentColumnId { get; set; }

    public byte[] Sealed { get; set; } = [];
}

/// <summary>A reader that still needs a generation, so that it is not removed when a later one replaces it.</summary>
internal sealed class GenerationPinRow
{
    /// <summary>Who holds it: an extract's id.</summary>
    public string Holder { get; set; } = "";

    public int PartitionId { get; set; }

    public long Generation { get; set; }
}

/// <summary>That an extract was planned on a generation. It stays when the pin goes.</summary>
internal sealed class GenerationUseRow
{
    /// <summary>The extract's id.</summary>
    public string Holder { get; set; } = "";

    public int PartitionId { get; set; }

    public long Generation { get; set; }
}

internal sealed class PartitionTables :
    IEntityTypeConfiguration<PartitionRow>,
    IEntityTypeConfiguration<GenerationRow>,
    IEntityTypeConfiguration<SegmentRow>,
    IEntityTypeConfiguration<SegmentColumnRow>,
    IEntityTypeConfiguration<GenerationPinRow>,
    IEntityTypeConfiguration<GenerationUseRow>
{
    public void Configure(EntityTypeBuilder<PartitionRow> builder)
    {
        builder.ToTable("result_partition").HasKey(row => row.PartitionId);
        builder.Property(row => row.PartitionId).HasColumnName("partition_id").ValueGeneratedNever();
        builder.Property(row => row.Code).HasColumnName("code");
        builder.Property(row => row.CurrentGeneration).HasColumnName("current_generation");
        builder.Property(row => row.WrappedKey).HasColumnName("wrapped_key");
        builder.HasIndex(row => row.Code).IsUnique().HasDatabaseName("ux_result_partition_code");
    }

    public void Configure(EntityTypeBuilder<GenerationRow> builder)
    {
        builder.ToTable("result_generation").HasKey(row => new { row.PartitionId, row.Generation });
        builder.Property(row => row.PartitionId).HasColumnName("partition_id");
        builder.Property(row => row.Generation).HasColumnName("generation");
        builder.Property(row => row.ImportId).HasColumnName("import_id");
        builder.Property(row => row.State).HasColumnName("state");
        builder.Property(row => row.Rows).HasColumnName("row_count");
        builder.Property(row => row.VoluntaryRows).HasColumnName("voluntary_row_count");
        builder.Property(row => row.QualityReport).HasColumnName("quality_report");
        builder.Property(row => row.QualityDigest).HasColumnName("quality_digest");
    }

    public void Configure(EntityTypeBuilder<SegmentRow> builder)
    {
        builder.ToTable("segment").HasKey(row => row.SegmentId);
        builder.Property(row => row.SegmentId).HasColumnName("segment_id").ValueGeneratedNever();
        builder.Property(row => row.PartitionId).HasColumnName("partition_id");
        builder.Property(row => row.Generation).HasColumnName("generation");
        builder.Property(row => row.Ordinal).HasColumnName("ordinal");
        builder.Property(row => row.Rows).HasColumnName("row_count");
        builder.Property(row => row.WithheldRows).HasColumnName("withheld_row_count");
        builder.Property(row => row.Columns).HasColumnName("columns");
        builder.HasIndex(row => new { row.PartitionId, row.Generation, row.Ordinal }).IsUnique().HasDatabaseName("ux_segment_place");
    }

    public void Configure(EntityTypeBuilder<SegmentColumnRow> builder)
    {
        builder.ToTable("segment_column").HasKey(row => row.SegmentColumnId);
        builder.Property(row => row.SegmentColumnId).HasColumnName("segment_column_id").ValueGeneratedNever();
        builder.Property(row => row.Sealed).HasColumnName("sealed");
    }

    public void Configure(EntityTypeBuilder<GenerationPinRow> builder)
    {
        builder.ToTable("generation_pin").HasKey(row => new { row.Holder, row.PartitionId });
        builder.Property(row => row.Holder).HasColumnName("holder");
        builder.Property(row => row.PartitionId).HasColumnName("partition_id");
        builder.Property(row => row.Generation).HasColumnName("generation");
        builder.HasIndex(row => new { row.PartitionId, row.Generation }).HasDatabaseName("ix_generation_pin_generation");
    }

    public void Configure(EntityTypeBuilder<GenerationUseRow> builder)
    {
        builder.ToTable("generation_use").HasKey(row => new { row.Holder, row.PartitionId });
        builder.Property(row => row.Holder).HasColumnName("holder");
        builder.Property(row => row.PartitionId).HasColumnName("partition_id");
        builder.Property(row => row.Generation).HasColumnName("generation");
        builder.HasIndex(row => new { row.PartitionId, row.Generation }).HasDatabaseName("ix_generation_use_generation");
    }
}
