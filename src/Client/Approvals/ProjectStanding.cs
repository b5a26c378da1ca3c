namespace Delivery.Client.Approvals;

/// <summary>A registered approval.</summary>
/// <param name="ProjectId">The project.</param>
/// <param name="Version">The version registered.</param>
/// <param name="IsNew">False when the same content was registered before.</param>
/// <param name="LogIndex">Index of its leaf in the transfer log.</param>
/// <param name="ScopeDigest">SHA-256 of the scope in its canonical form, lower-case hexadecimal.</param>
/// <param name="ComparabilityWarnings">Codes of the reservations the delivery will carry.</param>
public sealed record PushedApproval(
    string ProjectId, int Version, bool IsNew, long LogIndex, string ScopeDigest, IReadOnlyList<string> ComparabilityWarnings);

/// <summary>An amendment in force.</summary>
/// <param name="ProjectId">The project.</param>
/// <param name="Version">The version in force.</param>
/// <param name="IsNew">False when the same content was registered before.</param>
/// <param name="LogIndex">Index of its leaf in the transfer log.</param>
/// <param name="IsWidened">True when something is approved that was not before.</param>
/// <param name="PartDeletionHoldingIds">Holdings from which the difference must be deleted: they hold what is no longer approved.</param>
public sealed record AmendedApproval(
    string ProjectId, int Version, bool IsNew, long LogIndex, bool IsWidened, IReadOnlyList<string> PartDeletionHoldingIds);

/// <summary>A project was suspended, resumed or withdrawn.</summary>
/// <param name="ProjectId">The project.</param>
/// <param name="State">Its state now.</param>
/// <param name="LogIndex">Index of the leaf in the transfer log.</param>
/// <param name="DeletionDue">After a withdrawal, the day by which what was delivered must be gone now; otherwise null.</param>
public sealed record ProjectStep(string ProjectId, string State, long LogIndex, DateOnly? DeletionDue);

/// <summary>A project as it was or has come to stand.</summary>
/// <param name="Project">The project.</param>
/// <param name="LogSize">Size of the log when it was read.</param>
public sealed record ProjectChange(ProjectStanding Project, long LogSize);

/// <summary>A project as it stands.</summary>
/// <param name="ProjectId">Its id.</param>
/// <param name="Version">The approval version in force.</param>
/// <param name="State">Its state, for example <c>APPROVED</c>.</param>
/// <param name="ControllerCvr">The controller's CVR number.</param>
/// <param name="ControllerName">The controller's name.</param>
/// <param name="DstProjectNumber">The project's number at Statistics Denmark.</param>
/// <param name="PeriodFrom">First day of the approved period.</param>
/// <param name="PeriodTo">Last day of the approved period.</param>
/// <param name="DeletionDue">Day by which what was delivered must be gone.</param>
/// <param name="Partitions">Tests approved, such as <c>NT-DAN-2-2014</c>.</param>
/// <param name="Variables">Variables approved, in column order.</param>
/// <param name="Holdings">What was delivered.</param>
public sealed record ProjectStanding(
    string ProjectId,
    int Version,
    string State,
    string ControllerCvr,
    string ControllerName,
    string DstProjectNumber,
    DateOnly? PeriodFrom,
    DateOnly? PeriodTo,
    DateOnly? DeletionDue,
    IReadOnlyList<string> Partitions,
    IReadOnlyList<string> Variables,
    IReadOnlyList<HoldingStanding> Holdings);

/// <summary>What one completed delivery left at Statistics Denmark.</summary>
/// <param name="HoldingId">Its id.</param>
/// <param name="ExtractId">The extract it came from.</param>
/// <param name="RowCount">Rows delivered.</param>
/// <param name="DeliveredOn">The day of the delivery.</param>
/// <param name="DeletionDue">Day by which it must be gone.</param>
/// <param name="State">Its state: OPEN, DELETED, DESTROYED or ARCHIVED.</param>
/// <param name="IsPartDeletionDue">True while something narrowed out of the approval must still be deleted from it.</param>
/// <param name="WasOverdue">True when its end was not confirmed in time, also if it was later.</param>
public sealed record HoldingStanding(
    string HoldingId,
    string ExtractId,
    long RowCount,
    DateOnly? DeliveredOn,
    DateOnly? DeletionDue,
    string State,
    bool IsPartDeletionDue,
    bool WasOverdue);
