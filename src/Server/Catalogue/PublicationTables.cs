using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Delivery.Server.Catalogue;

/// <summary>When the national results of one programme and school year were published. No row means the day is not known.</summary>
internal sealed class PublicationRow
{
    public int Programme { get; set; }

    public int SchoolYear { get; set; }

    public string PublishedOn { get; set; } = "";

    public string Source { get; set; } = "";

    public long LogIndex { get; set; }
}

internal sealed class PublicationTables : IEntityTypeConfiguration<PublicationRow>
{
    public void Configure(EntityTypeBuilder<PublicationRow> builder)
    {
        builder.ToTable("publication").HasKey(row => new { row.Programme, row.SchoolYear });
        builder.Property(row => row.Programme).HasColumnName("programme");
        builder.Property(row => row.SchoolYear).HasColumnName("school_year");
        builder.Property(row => row.PublishedOn).HasColumnName("published_on");
        builder.Property(row => row.Source).HasColumnName("source");
        builder.Property(row => row.LogIndex).HasColumnName("log_index");
    }
}
