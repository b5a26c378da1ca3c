namespace Delivery.Client.Closure;

/// <summary>An open holding and when it is due.</summary>
/// <param name="HoldingId">Its id.</param>
/// <param name="ProjectId">The project.</param>
/// <param name="ProjectState">The project's state.</param>
/// <param name="DeletionDue">Day by which it must be gone.</param>
/// <param name="IsOverdue">True when that day has passed.</param>
/// <param name="IsPartDeletionDue">True while something narrowed out of the approval must still be deleted from it.</param>
/// <param name="LastRemindedOn">Day of the last reminder; null when none was due.</param>
public sealed record DueHolding(
    string HoldingId, string ProjectId, string ProjectState, DateOnly? DeletionDue, bool IsOverdue, bool IsPartDeletionDue, DateOnly? LastRemindedOn);

/// <summary>A project that ended without a delivery.</summary>
/// <param name="ProjectId">The project.</param>
/// <param name="ProjectState">Its state, a closed one.</param>
/// <param name="LogIndex">Index of the leaf in the transfer log.</param>
public sealed record ClosedProject(string ProjectId, string ProjectState, long LogIndex);

/// <summary>A recorded reuse.</summary>
/// <param name="HoldingId">The new holding.</param>
/// <param name="DeletionDue">Day by which it must be gone.</param>
/// <param name="LogIndex">Index of the leaf in the transfer log.</param>
public sealed record RegisteredReuse(string HoldingId, DateOnly? DeletionDue, long LogIndex);
