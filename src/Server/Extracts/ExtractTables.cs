using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Delivery.Server.Extracts;

/// <summary>One extract of one programme under one approval version, from the first call until it is acknowledged or abandoned.</summary>
internal sealed class ExtractRow
{
    public string ExtractId { get; set; } = "";

    public string ProjectId { get; set; } = "";

    public int ApprovalVersion { get; set; }

    public int Programme { get; set; }

    public ExtractState State { get; set; }

    /// <summary>32 bytes that salt its digests, sealed under the key-encryption key: the digests are public, a small extract's rows guessable.</summary>
    public byte[] SealedDigestSalt { get; set; } = [];

    public byte[] SnapshotDigest { get; set; } = [];

    public byte[] SchemaFingerprint { get; set; } = [];

    public long Batches { get; set; }

    /// <summary>Rows delivered, once completed.</summary>
    public long Rows { get; set; }

    /// <summary>Final running digest, once completed.</summary>
    public byte[] ListDigest { get; set; } = [];

    public long ReceiptLogIndex { get; set; }

    public string ReceiptDigest { get; set; } = "";

    /// <summary>Leaf of the report that the pseudonymised output is in place; -1 before.</summary>
    public long PseudonymisedLogIndex { get; set; }

    /// <summary>All of it has left and no receipt came, so the recipient may have it; it stays so when the extract is abandoned.</summary>
    public bool AwaitsReceipt => State == ExtractState.Completed || (State == ExtractState.Abandoned && ListDigest.Length > 0);
}

internal enum ExtractState
{
    Open = 1,
    Completed = 2,
    Acknowledged = 3,
    Abandoned = 4,
}

/// <summary>One streaming call. It ends in exactly one terminal leaf.</summary>
internal sealed class ExtractCallRow
{
    public string CallId { get; set; } = "";

    public string ExtractId { get; set; } = "";

    public string ClientSpkiSha256 { get; set; } = "";

    public string ClientCvr { get; set; } = "";

    /// <summary>Leaf that ended it; -1 while it runs.</summary>
    public long TerminalLogIndex { get; set; }

    /// <summary>The server process it runs or ran on; 0 in calls from before servers were told apart.</summary>
    public long ReplicaId { get; set; }
}

/// <summary>A window of batches released to the socket, with the running digest after each, so that a resume can be checked.</summary>
internal sealed class ExtractRangeRow
{
    public string CallId { get; set; } = "";

    public long FromBatch { get; set; }

    public long ToBatch { get; set; }

    public string ExtractId { get; set; } = "";

    /// <summary>Rows of the batches [0, ToBatch).</summary>
    public long RowsBefore { get; set; }

    /// <summary>For each batch in turn 40 bytes, as <see cref="ExtractPositions"/> writes them: the running digest after it, then the rows up to and with it.</summary>
    public byte[] Positions { get; set; } = [];
}

/// <summary>A key that extracts may be sealed to, with the record as its organisation signed it.</summary>
internal sealed class RecipientKeyRow
{
    public string KeyId { get; set; } = "";

    public byte[] Record { get; set; } = [];

    public byte[] Signature { get; set; } = [];

    public byte[] SignerCertificate { get; set; } = [];

    public long LogIndex { get; set; }
}

internal sealed class ExtractTables :
    IEntityTypeConfiguration<ExtractRow>,
    IEntityTypeConfiguration<ExtractCallRow>,
    IEntityTypeConfiguration<ExtractRangeRow>,
    IEntityTypeConfiguration<RecipientKeyRow>
{
    public void Configure(EntityTypeBuilder<ExtractRow> builder)
    {
        builder.ToTable("extract").HasKey(row => row.ExtractId);
        builder.Property(row => row.ExtractId).HasColumnName("extract_id");
        builder.Property(row => row.ProjectId).HasColumnName("project_id");
        builder.Property(row => row.ApprovalVersion).HasColumnName("approval_version");
        builder.Property(row => row.Programme).HasColumnName("programme");
        builder.Property(row => row.State).HasColumnName("state");
        builder.Property(row => row.SealedDigestSalt).HasColumnName("sealed_digest_salt");
        builder.Property(row => row.SnapshotDigest).HasColumnName("snapshot_digest");
        builder.Property(row => row.SchemaFingerprint).HasColumnName("schema_fingerprint");
        builder.Property(row => row.Batches).HasColumnName("batch_count");
        builder.Property(row => row.Rows).HasColumnName("row_count");
        builder.Property(row => row.ListDigest).HasColumnName("list_digest");
        builder.Property(row => row.ReceiptLogIndex).HasColumnName("receipt_log_index");
        builder.Property(row => row.ReceiptDigest).HasColumnName("receipt_digest");
        builder.Property(row => row.PseudonymisedLogIndex).HasColumnName("pseudonymised_log_index");
        builder.HasIndex(row => row.ProjectId).HasDatabaseName("ix_extract_project");
    }

    public void Configure(EntityTypeBuilder<ExtractCallRow> builder)
    {
        builder.ToTable("extract_call").HasKey(row => row.CallId);
        builder.Property(row => row.CallId).HasColumnName("call_id");
        builder.Property(row => row.ExtractId).HasColumnName("extract_id");
        builder.Property(row => row.ClientSpkiSha256).HasColumnName("client_spki_sha256");
        builder.Property(row => row.ClientCvr).HasColumnName("client_cvr");
        builder.Property(row => row.TerminalLogIndex).HasColumnName("terminal_log_index");
        builder.Property(row => row.ReplicaId).HasColumnName("replica_id").HasDefaultValue(0L);
        builder.HasIndex(row => row.ExtractId).HasDatabaseName("ix_extract_call_extract");
        builder.HasIndex(row => row.ClientCvr).HasFilter("terminal_log_index < 0").HasDatabaseName("ix_extract_call_open");
    }

    public void Configure(EntityTypeBuilder<ExtractRangeRow> builder)
    {
        builder.ToTable("extract_range").HasKey(row => new { row.CallId, row.FromBatch });
        builder.Property(row => row.CallId).HasColumnName("call_id");
        builder.Property(row => row.FromBatch).HasColumnName("from_batch");
        builder.Property(row => row.ToBatch).HasColumnName("to_batch");
        builder.Property(row => row.ExtractId).HasColumnName("extract_id");
        builder.Property(row => row.RowsBefore).HasColumnName("rows_before");
        builder.Property(row => row.Positions).HasColumnName("positions");
        builder.HasIndex(row => new { row.ExtractId, row.ToBatch }).HasDatabaseName("ix_extract_range_place");
    }

    public void Configure(EntityTypeBuilder<RecipientKeyRow> builder)
    {
        builder.ToTable("recipient_key").HasKey(row => row.KeyId);
        builder.Property(row => row.KeyId).HasColumnName("key_id");
        builder.Property(row => row.Record).HasColumnName("record");
        builder.Property(row => row.Signature).HasColumnName("signature");
        builder.Property(row => row.SignerCertificate).HasColumnName("signer_certificate");
        builder.Property(row => row.LogIndex).HasColumnName("log_index");
    }
}
