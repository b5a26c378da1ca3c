using Delivery.Client.Log;

namespace Delivery.Client.Closure;

/// <summary>One holding as a confirmation states it.</summary>
/// <param name="HoldingId">Its id.</param>
/// <param name="State">DELETED, DESTROYED or ARCHIVED; OPEN after a part deletion, which leaves the rest in place.</param>
/// <param name="EndedOn">The day it ended; null while it is open.</param>
/// <param name="RowCount">Rows that were delivered.</param>
/// <param name="DeliveredOn">The day of the delivery.</param>
/// <param name="DeletionDue">Day by which it had to be gone.</param>
/// <param name="WasOverdue">True when that day passed before the end was confirmed.</param>
public sealed record ConfirmedHolding(
    string HoldingId, string State, DateOnly? EndedOn, long RowCount, DateOnly DeliveredOn, DateOnly DeletionDue, bool WasOverdue);

/// <summary>The outcome of checking a confirmation offline.</summary>
/// <param name="Verdict">What it comes to.</param>
/// <param name="Reason">Why, a stable name: <c>Proven</c>, <c>DocumentSignatureWrong</c>, <c>LeafNotIncluded</c> and so on; docs/confirmation.md has them all.</param>
/// <param name="Confirmation">The confirmation, when proven.</param>
/// <param name="RecordedAt">When the log recorded it, when proven.</param>
/// <param name="LogSize">Size of the checkpoint it was proven against, when proven.</param>
public sealed record ConfirmationOutcome(
    LogVerdict Verdict, string Reason, ConfirmationDocument? Confirmation = null, DateTimeOffset? RecordedAt = null, long? LogSize = null);
