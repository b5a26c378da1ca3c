using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Delivery.Server.Closure;

/// <summary>A confirmation as it was recorded; never changed. What it is about stands in its leaf and its document.</summary>
internal sealed class ConfirmationRow
{
    /// <summary>Index of its leaf.</summary>
    public long LogIndex { get; set; }

    public string ProjectId { get; set; } = "";

    /// <summary>DELETED, DESTROYED, ARCHIVED or PART_DELETED.</summary>
    public string Method { get; set; } = "";

    public string ConfirmedOn { get; set; } = "";

    public string SignerName { get; set; } = "";

    public string EvidenceReference { get; set; } = "";

    /// <summary>Name of the archive; empty unless archived.</summary>
    public string Archive { get; set; } = "";

    /// <summary>The project's state after it.</summary>
    public string ProjectState { get; set; } = "";

    /// <summary>The signed document, restricted canonical JSON.</summary>
    public byte[] Document { get; set; } = [];

    public byte[] Signature { get; set; } = [];
}

internal sealed class ConfirmationTables : IEntityTypeConfiguration<ConfirmationRow>
{
    public void Configure(EntityTypeBuilder<ConfirmationRow> builder)
    {
        builder.ToTable("confirmation").HasKey(row => row.LogIndex);
        builder.Property(row => row.LogIndex).HasColumnName("log_index").ValueGeneratedNever();
        builder.Property(row => row.ProjectId).HasColumnName("project_id");
        builder.Property(row => row.Method).HasColumnName("method");
        builder.Property(row => row.ConfirmedOn).HasColumnName("confirmed_on");
        builder.Property(row => row.SignerName).HasColumnName("signer_name");
        builder.Property(row => row.EvidenceReference).HasColumnName("evidence_reference");
        builder.Property(row => row.Archive).HasColumnName("archive");
        builder.Property(row => row.ProjectState).HasColumnName("project_state");
        builder.Property(row => row.Document).HasColumnName("document");
        builder.Property(row => row.Signature).HasColumnName("signature");
    }
}
