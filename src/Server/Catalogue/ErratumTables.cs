using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Delivery.Server.Catalogue;

/// <summary>One registered erratum; never changed.</summary>
internal sealed class ErratumRow
{
    public string ErratumId { get; set; } = "";

    /// <summary>SHA-256 of what was asked for, to tell a repeated call from another erratum of the same id.</summary>
    public byte[] RequestDigest { get; set; } = [];

    /// <summary>The erratum as it travels; see <see cref="Protocol.Domain.Errata.ErratumDocument"/>.</summary>
    public byte[] Document { get; set; } = [];

    public long RegisterTimeMs { get; set; }

    public long LogIndex { get; set; }
}

/// <summary>The end of an erratum; never changed.</summary>
internal sealed class ErratumWithdrawalRow
{
    public string ErratumId { get; set; } = "";

    public string ReasonDa { get; set; } = "";

    public string ReasonEn { get; set; } = "";

    public long WithdrawTimeMs { get; set; }

    public long LogIndex { get; set; }
}

internal sealed class ErratumTables : IEntityTypeConfiguration<ErratumRow>, IEntityTypeConfiguration<ErratumWithdrawalRow>
{
    public void Configure(EntityTypeBuilder<ErratumRow> builder)
    {
        builder.ToTable("erratum").HasKey(row => row.ErratumId);
        builder.Property(row => row.ErratumId).HasColumnName("erratum_id");
        builder.Property(row => row.RequestDigest).HasColumnName("request_digest");
        builder.Property(row => row.Document).HasColumnName("document");
        builder.Property(row => row.RegisterTimeMs).HasColumnName("register_time_ms");
        builder.Property(row => row.LogIndex).HasColumnName("log_index");
    }

    public void Configure(EntityTypeBuilder<ErratumWithdrawalRow> builder)
    {
        builder.ToTable("erratum_withdrawal").HasKey(row => row.ErratumId);
        builder.Property(row => row.ErratumId).HasColumnName("erratum_id");
        builder.Property(row => row.ReasonDa).HasColumnName("reason_da");
        builder.Property(row => row.ReasonEn).HasColumnName("reason_en");
        builder.Property(row => row.WithdrawTimeMs).HasColumnName("withdraw_time_ms");
        builder.Property(row => row.LogIndex).HasColumnName("log_index");
    }
}
