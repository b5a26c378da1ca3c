namespace Delivery.Protocol.Log;

/// <summary>What every approval leaf says about the approval it is about.</summary>
/// <param name="Version">The version, from 1.</param>
/// <param name="ScopeDigest">SHA-256 of the approved scope.</param>
/// <param name="ValidFrom">First day of the period.</param>
/// <param name="ValidTo">Last day of the period.</param>
/// <param name="DocumentsCommitment">Salted commitment to the approval's documents.</param>
internal sealed record ApprovalFacts(
    long Version, LogHash ScopeDigest, DateOnly ValidFrom, DateOnly ValidTo, LogHash DocumentsCommitment);

/// <content>Drafts about approvals, results taken in and published, and how projects end.</content>
internal sealed partial class LeafDraft
{
    /// <summary>An approved project arrived.</summary>
    public static LeafDraft ApprovalPushed(LeafActor actor, string projectId, ApprovalFacts approval) =>
        Approval(LeafType.ApprovalPushed, actor, projectId, approval);

    /// <summary>A new version of an approval arrived.</summary>
    public static LeafDraft ApprovalAmended(LeafActor actor, string projectId, ApprovalFacts approval) =>
        Approval(LeafType.ApprovalAmended, actor, projectId, approval);

    /// <summary>Deliveries under the approval stop until it is resumed.</summary>
    public static LeafDraft ApprovalSuspended(LeafActor actor, string projectId, ApprovalFacts approval) =>
        Approval(LeafType.ApprovalSuspended, actor, projectId, approval);

    /// <summary>A suspended approval is in force again.</summary>
    public static LeafDraft ApprovalResumed(LeafActor actor, string projectId, ApprovalFacts approval) =>
        Approval(LeafType.ApprovalResumed, actor, projectId, approval);

    /// <summary>The approval ended before its time.</summary>
    public static LeafDraft ApprovalWithdrawn(LeafActor actor, string projectId, ApprovalFacts approval) =>
        Approval(LeafType.ApprovalWithdrawn, actor, projectId, approval);

    /// <summary>The approval's period ended.</summary>
    public static LeafDraft ApprovalExpired(LeafActor actor, string projectId, ApprovalFacts approval) =>
        Approval(LeafType.ApprovalExpired, actor, projectId, approval);

    /// <summary>A generation of a partition was taken in.</summary>
    public static LeafDraft ResultsImported(
        LeafActor actor,
        string partitionCode,
        long generation,
        long rowCount,
        long rejectedRowCount,
        long voluntaryRowCount,
        string sourceDeliveryId,
        LogHash qualityReportDigest) =>
        new(LeafType.ResultsImported, actor, null, null,
            ("partition_code", Text(partitionCode)),
            ("generation", Number(generation)),
            ("row_count", Number(rowCount)),
            ("rejected_row_count", Number(rejectedRowCount)),
            ("voluntary_row_count", Number(voluntaryRowCount)),
            ("source_delivery_id", Text(sourceDeliveryId)),
            ("quality_report_digest", Text(qualityReportDigest)));

    /// <summary>National results became public; <paramref name="schoolYear"/> is written <c>2023/2024</c>.</summary>
    public static LeafDraft ResultsPublished(
        LeafActor actor, string programme, string schoolYear, DateOnly publishedOn) =>
        new(LeafType.ResultsPublished, actor, null, null,
            ("programme", Text(programme)), ("school_year", Text(schoolYear)), ("published_on", Day(publishedOn)));

    /// <summary>Holdings are deleted or destroyed; their ids may come in any order.</summary>
    public static LeafDraft DeletionConfirmed(
        LeafActor actor,
        string projectId,
        IEnumerable<string> holdingIds,
        string method,
        DateOnly confirmedOn,
        LogHash evidenceCommitment) =>
        Confirmation(LeafType.DeletionConfirmed, actor, projectId, holdingIds, method, confirmedOn, evidenceCommitment);

    /// <summary>Holdings went to an archive; their ids may come in any order.</summary>
    public static LeafDraft ArchivalConfirmed(
        LeafActor actor,
        string projectId,
        IEnumerable<string> holdingIds,
        string method,
        DateOnly confirmedOn,
        LogHash evidenceCommitment) =>
        Confirmation(LeafType.ArchivalConfirmed, actor, projectId, holdingIds, method, confirmedOn, evidenceCommitment);

    /// <summary>An earlier delivery was carried over to this project.</summary>
    public static LeafDraft ReuseRegistered(
        LeafActor actor, string projectId, string sourceProjectId, string sourceHoldingId, string holdingId, long rowCount) =>
        new(LeafType.ReuseRegistered, actor, projectId, null,
            ("source_project_id", Text(sourceProjectId)),
            ("source_holding_id", Text(sourceHoldingId)),
            ("holding_id", Text(holdingId)),
            ("row_count", Number(rowCount)));

    /// <summary>The project is over.</summary>
    public static LeafDraft ProjectClosed(LeafActor actor, string projectId, string disposition) =>
        new(LeafType.ProjectClosed, actor, projectId, null, ("disposition", Text(disposition)));

    /// <summary>A holding passed its deadline unconfirmed.</summary>
    public static LeafDraft HoldingOverdue(LeafActor actor, string projectId, string holdingId, DateOnly dueOn) =>
        new(LeafType.HoldingOverdue, actor, projectId, null, ("holding_id", Text(holdingId)), ("due_on", Day(dueOn)));

    private static LeafDraft Approval(LeafType type, LeafActor actor, string projectId, ApprovalFacts approval) =>
        new(type, actor, projectId, null,
            ("approval_version", Number(approval.Version)),
            ("scope_digest", Text(approval.ScopeDigest)),
            ("valid_from", Day(approval.ValidFrom)),
            ("valid_to", Day(approval.ValidTo)),
            ("documents_commitment", Text(approval.DocumentsCommitment)));

    private static LeafDraft Confirmation(
        LeafType type,
        LeafActor actor,
        string projectId,
        IEnumerable<string> holdingIds,
        string method,
        DateOnly confirmedOn,
        LogHash evidenceCommitment) =>
        new(type, actor, projectId, null,
            ("holding_ids", Set(holdingIds)),
            ("method", Text(method)),
            ("confirmed_on", Day(confirmedOn)),
            ("evidence_commitment", Text(evidenceCommitment)));
}
