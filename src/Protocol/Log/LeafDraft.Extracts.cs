namespace Delivery.Protocol.Log;

/// <summary>What is settled when a call for an extract is accepted.</summary>
/// <param name="CallId">The 32 random bytes the client chose.</param>
/// <param name="ApprovalLeafIndex">Index of the approval leaf that allows the extract.</param>
/// <param name="ApprovalVersion">The approval version it follows.</param>
/// <param name="Programme">NT or FNO.</param>
/// <param name="SnapshotDigest">SHA-256 of the pinned partitions and generations.</param>
/// <param name="SchemaFingerprint">SHA-256 of the Arrow schema.</param>
/// <param name="PlannedBatchCount">Batches in the whole extract.</param>
/// <param name="PlannedRowCount">Rows in the whole extract.</param>
/// <param name="RecipientKeyId">SHA-256 of the SPKI that the payload is sealed to.</param>
/// <param name="ClientSpkiSha256">Key of the client's certificate.</param>
/// <param name="ServerSpkiSha256">Key of the server's certificate.</param>
internal sealed record OpeningFacts(
    LogHash CallId,
    long ApprovalLeafIndex,
    long ApprovalVersion,
    string Programme,
    LogHash SnapshotDigest,
    LogHash SchemaFingerprint,
    long PlannedBatchCount,
    long PlannedRowCount,
    LogHash RecipientKeyId,
    LogHash ClientSpkiSha256,
    LogHash ServerSpkiSha256);

/// <content>Drafts that follow one extract from its first call to its pseudonyms.</content>
internal sealed partial class LeafDraft
{
    /// <summary>A call was accepted; no data has left yet.</summary>
    public static LeafDraft ExtractOpened(LeafActor actor, string projectId, string extractId, OpeningFacts opening) =>
        new(LeafType.ExtractOpened, actor, projectId, extractId,
            ("call_id", Text(opening.CallId)),
            ("approval_leaf_index", Number(opening.ApprovalLeafIndex)),
            ("approval_version", Number(opening.ApprovalVersion)),
            ("programme", Text(opening.Programme)),
            ("snapshot_digest", Text(opening.SnapshotDigest)),
            ("schema_fingerprint", Text(opening.SchemaFingerprint)),
            ("planned_batch_count", Number(opening.PlannedBatchCount)),
            ("planned_row_count", Number(opening.PlannedRowCount)),
            ("recipient_key_id", Text(opening.RecipientKeyId)),
            ("client_spki_sha256", Text(opening.ClientSpkiSha256)),
            ("server_spki_sha256", Text(opening.ServerSpkiSha256)));

    /// <summary>
    /// Batches [from, to) may be written once this leaf is committed, and not before.
    /// </summary>
    public static LeafDraft RangeReleased(
        LeafActor actor,
        string projectId,
        string extractId,
        LogHash callId,
        long fromBatch,
        long toBatch,
        long sealedSizeBytes,
        LogHash runningDigest) =>
        new(LeafType.RangeReleased, actor, projectId, extractId,
            ("call_id", Text(callId)),
            ("from_batch", Number(fromBatch)),
            ("to_batch", Number(toBatch)),
            ("sealed_size_bytes", Number(sealedSizeBytes)),
            ("running_digest", Text(runningDigest)));

    /// <summary>The call ended with every batch written.</summary>
    public static LeafDraft ExtractCompleted(
        LeafActor actor,
        string projectId,
        string extractId,
        LogHash callId,
        long rowCount,
        long batchCount,
        LogHash listDigest,
        LogHash qualityDigest) =>
        new(LeafType.ExtractCompleted, actor, projectId, extractId,
            ("call_id", Text(callId)),
            ("row_count", Number(rowCount)),
            ("batch_count", Number(batchCount)),
            ("list_digest", Text(listDigest)),
            ("quality_digest", Text(qualityDigest)));

    /// <summary>The call ended early; the counts may over-state what left, never under-state it.</summary>
    public static LeafDraft ExtractAborted(
        LeafActor actor,
        string projectId,
        string extractId,
        LogHash callId,
        long releasedRowCount,
        long releasedBatchCount,
        string reasonCode) =>
        new(LeafType.ExtractAborted, actor, projectId, extractId,
            ("call_id", Text(callId)),
            ("released_row_count", Number(releasedRowCount)),
            ("released_batch_count", Number(releasedBatchCount)),
            ("reason_code", Text(reasonCode)));

    /// <summary>Nobody asked for the extract any more, and its pins were released.</summary>
    public static LeafDraft ExtractAbandoned(LeafActor actor, string projectId, string extractId, long releasedRowCount, long releasedBatchCount) =>
        new(LeafType.ExtractAbandoned, actor, projectId, extractId,
            ("released_row_count", Number(releasedRowCount)),
            ("released_batch_count", Number(releasedBatchCount)));

    /// <summary>The recipient states what arrived.</summary>
    public static LeafDraft Receipt(
        LeafActor actor,
        string projectId,
        string extractId,
        long rowCount,
        LogHash listDigest,
        LogHash receiptHash,
        string holdingId) =>
        new(LeafType.Receipt, actor, projectId, extractId,
            ("row_count", Number(rowCount)),
            ("list_digest", Text(listDigest)),
            ("receipt_hash", Text(receiptHash)),
            ("holding_id", Text(holdingId)));

    /// <summary>The recipient replaced every CPR number.</summary>
    public static LeafDraft Pseudonymised(
        LeafActor actor, string projectId, string extractId, long rowCount, LogHash outputDigest) =>
        new(LeafType.Pseudonymised, actor, projectId, extractId,
            ("row_count", Number(rowCount)), ("output_digest", Text(outputDigest)));
}
