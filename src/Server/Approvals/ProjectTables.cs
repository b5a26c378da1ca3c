using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Delivery.Server.Approvals;

/// <summary>A project and where it stands.</summary>
internal sealed class ProjectRow
{
    public string ProjectId { get; set; } = "";

    /// <summary>The approval version in force.</summary>
    public int Version { get; set; }

    public ProjectState State { get; set; }

    public string ControllerCvr { get; set; } = "";

    public string DeletionDue { get; set; } = "";

    public bool WasOverdue { get; set; }

    /// <summary>Why it was suspended or withdrawn last; empty otherwise.</summary>
    public string Reason { get; set; } = "";
}

/// <summary>One version of an approval; never changed.</summary>
internal sealed class ApprovalRow
{
    public string ProjectId { get; set; } = "";

    public int Version { get; set; }

    /// <summary>The approval as it was pushed, serialised protobuf.</summary>
    public byte[] Document { get; set; } = [];

    public byte[] DocumentDigest { get; set; } = [];

    public byte[] ScopeDigest { get; set; } = [];

    /// <summary>What the document's commitment in the log is salted with, 32 bytes.</summary>
    public byte[] CommitmentSalt { get; set; } = [];

    public long LogIndex { get; set; }
}

/// <summary>What one completed delivery left at the recipient.</summary>
internal sealed class HoldingRow
{
    public string HoldingId { get; set; } = "";

    public string ProjectId { get; set; } = "";

    public string ExtractId { get; set; } = "";

    public long Rows { get; set; }

    public string DeliveredOn { get; set; } = "";

    public string DeletionDue { get; set; } = "";

    public HoldingState State { get; set; }

    /// <summary>Day it ended; empty while open.</summary>
    public string EndedOn { get; set; } = "";

    public string SignerName { get; set; } = "";

    public string EvidenceReference { get; set; } = "";

    /// <summary>Leaf that confirmed the end; -1 while open.</summary>
    public long EndLogIndex { get; set; } = -1;

    /// <summary>Name of the archive; empty unless archived.</summary>
    public string Archive { get; set; } = "";

    /// <summary>Approval version it was delivered under; its scope is what the holding contains.</summary>
    public int ApprovalVersion { get; set; }

    /// <summary>An amendment narrowed the approval and the difference is not confirmed deleted yet.</summary>
    public bool PartDeletionDue { get; set; }

    /// <summary>Leaf that confirmed its last part deletion; -1 if there was none.</summary>
    public long PartLogIndex { get; set; } = -1;

    /// <summary>Its due date passed while it was open; stays true.</summary>
    public bool WasOverdue { get; set; }

    /// <summary>Day of the last reminder; empty before the first.</summary>
    public string LastRemindedOn { get; set; } = "";
}

internal enum HoldingState
{
    Open = 1,
    Deleted = 2,
    Destroyed = 3,
    Archived = 4,
}

/// <summary>The names holdings' states have on the wire and in the log.</summary>
internal static class HoldingStates
{
    public static string WireName(this HoldingState state) => state switch
    {
        HoldingState.Open => "OPEN",
        HoldingState.Deleted => "DELETED",
        HoldingState.Destroyed => "DESTROYED",
        HoldingState.Archived => "ARCHIVED",
    };
}

internal sealed class ProjectTables :
    IEntityTypeConfiguration<ProjectRow>,
    IEntityTypeConfiguration<ApprovalRow>,
    IEntityTypeConfiguration<HoldingRow>
{
    public void Configure(EntityTypeBuilder<ProjectRow> builder)
    {
        builder.ToTable("project").HasKey(row => row.ProjectId);
        builder.Property(row => row.ProjectId).HasColumnName("project_id");
        builder.Property(row => row.Version).HasColumnName("version");
        builder.Property(row => row.State).HasColumnName("state");
        builder.Property(row => row.ControllerCvr).HasColumnName("controller_cvr");
        builder.Property(row => row.DeletionDue).HasColumnName("deletion_due");
        builder.Property(row => row.WasOverdue).HasColumnName("was_overdue");
        builder.Property(row => row.Reason).HasColumnName("reason");
    }

    public void Configure(EntityTypeBuilder<ApprovalRow> builder)
    {
        builder.ToTable("approval").HasKey(row => new { row.ProjectId, row.Version });
        builder.Property(row => row.ProjectId).HasColumnName("project_id");
        builder.Property(row => row.Version).HasColumnName("version");
        builder.Property(row => row.Document).HasColumnName("document");
        builder.Property(row => row.DocumentDigest).HasColumnName("document_digest");
        builder.Property(row => row.ScopeDigest).HasColumnName("scope_digest");
        builder.Property(row => row.CommitmentSalt).HasColumnName("commitment_salt");
        builder.Property(row => row.LogIndex).HasColumnName("log_index");
    }

    public void Configure(EntityTypeBuilder<HoldingRow> builder)
    {
        builder.ToTable("holding").HasKey(row => row.HoldingId);
        builder.Property(row => row.HoldingId).HasColumnName("holding_id");
        builder.Property(row => row.ProjectId).HasColumnName("project_id");
        builder.Property(row => row.ExtractId).HasColumnName("extract_id");
        builder.Property(row => row.Rows).HasColumnName("row_count");
        builder.Property(row => row.DeliveredOn).HasColumnName("delivered_on");
        builder.Property(row => row.DeletionDue).HasColumnName("deletion_due");
        builder.Property(row => row.State).HasColumnName("state");
        builder.Property(row => row.EndedOn).HasColumnName("ended_on");
        builder.Property(row => row.SignerName).HasColumnName("signer_name");
        builder.Property(row => row.EvidenceReference).HasColumnName("evidence_reference");
        builder.Property(row => row.EndLogIndex).HasColumnName("end_log_index");
        builder.Property(row => row.Archive).HasColumnName("archive");
        builder.Property(row => row.ApprovalVersion).HasColumnName("approval_version");
        builder.Property(row => row.PartDeletionDue).HasColumnName("part_deletion_due");
        builder.Property(row => row.PartLogIndex).HasColumnName("part_log_index");
        builder.Property(row => row.WasOverdue).HasColumnName("was_overdue");
        builder.Property(row => row.LastRemindedOn).HasColumnName("last_reminded_on");
        builder.HasIndex(row => row.ProjectId).HasDatabaseName("ix_holding_project");
        builder.HasIndex(row => row.ExtractId).IsUnique().HasDatabaseName("ux_holding_extract");
        builder.HasIndex(row => new { row.State, row.DeletionDue }).HasDatabaseName("ix_holding_due");
    }
}
