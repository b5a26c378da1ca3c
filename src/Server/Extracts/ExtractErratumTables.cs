using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Delivery.Server.Extracts;

/// <summary>An erratum that was known when an extract was first opened, and is part of its schema since.</summary>
internal sealed class ExtractErratumRow
{
    public string ExtractId { get; set; } = "";

    public string ErratumId { get; set; } = "";
}

internal sealed class ExtractErratumTables : IEntityTypeConfiguration<ExtractErratumRow>
{
    public void Configure(EntityTypeBuilder<ExtractErratumRow> builder)
    {
        builder.ToTable("extract_erratum").HasKey(row => new { row.ExtractId, row.ErratumId });
        builder.Property(row => row.ExtractId).HasColumnName("extract_id");
        builder.Property(row => row.ErratumId).HasColumnName("erratum_id");
    }
}
