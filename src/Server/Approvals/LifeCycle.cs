using System.Collections.Frozen;

namespace Delivery.Server.Approvals;

/// <summary>Where a project stands. The three closed states are final.</summary>
internal enum ProjectState
{
    /// <summary>Godkendt.</summary>
    Approved = 1,

    /// <summary>Under levering.</summary>
    Delivering = 2,

    /// <summary>Udleveret.</summary>
    Delivered = 3,

    /// <summary>Sat i bero.</summary>
    Suspended = 4,

    /// <summary>Tilbagekaldt.</summary>
    Withdrawn = 5,

    /// <summary>Udløbet.</summary>
    Expired = 6,

    /// <summary>Frist overskredet.</summary>
    Overdue = 7,

    /// <summary>Slettet eller tilintetgjort.</summary>
    ClosedDeleted = 8,

    /// <summary>Arkiveret.</summary>
    ClosedArchived = 9,

    /// <summary>Afsluttet uden levering.</summary>
    ClosedNoData = 10,
}

/// <summary>What moves a project on.</summary>
internal enum ProjectEvent
{
    /// <summary>A stream opens (T2).</summary>
    StreamOpened = 1,

    /// <summary>A receipt matches (T3).</summary>
    ReceiptMatched = 2,

    /// <summary>A stream ends early and nothing was delivered before (T4).</summary>
    StreamAbortedUndelivered = 3,

    /// <summary>A stream ends early and an earlier holding exists (T4).</summary>
    StreamAbortedDelivered = 4,

    /// <summary>The last open holding is confirmed deleted or destroyed (T11).</summary>
    LastHoldingDeleted = 5,
}

/// <summary>One allowed step of a project's life.</summary>
internal sealed record LifeCycleStep(string Code, ProjectState From, ProjectEvent On, ProjectState To);

/// <summary>The life of a project as one table. What is not in it does not happen. Codes are those of docs/lifecycle.md.</summary>
internal static class LifeCycle
{
    public static IReadOnlyList<LifeCycleStep> Steps { get; } =
    [
        new("T2", ProjectState.Approved, ProjectEvent.StreamOpened, ProjectState.Delivering),
        new("T2", ProjectState.Delivered, ProjectEvent.StreamOpened, ProjectState.Delivering),
        new("T2", ProjectState.Delivering, ProjectEvent.StreamOpened, ProjectState.Delivering),
        new("T3", ProjectState.Delivering, ProjectEvent.ReceiptMatched, ProjectState.Delivered),
        // The call that streamed may have been cut after its trailer left; the receipt still tells that everything arrived.
        new("T3", ProjectState.Approved, ProjectEvent.ReceiptMatched, ProjectState.Delivered),
        new("T3", ProjectState.Delivered, ProjectEvent.ReceiptMatched, ProjectState.Delivered),
        new("T4", ProjectState.Delivering, ProjectEvent.StreamAbortedUndelivered, ProjectState.Approved),
        new("T4", ProjectState.Delivering, ProjectEvent.StreamAbortedDelivered, ProjectState.Delivered),
        new("T11", ProjectState.Delivered, ProjectEvent.LastHoldingDeleted, ProjectState.ClosedDeleted),
        new("T11", ProjectState.Expired, ProjectEvent.LastHoldingDeleted, ProjectState.ClosedDeleted),
        new("T11", ProjectState.Withdrawn, ProjectEvent.LastHoldingDeleted, ProjectState.ClosedDeleted),
        new("T11", ProjectState.Overdue, ProjectEvent.LastHoldingDeleted, ProjectState.ClosedDeleted),
    ];

    private static readonly FrozenDictionary<(ProjectState, ProjectEvent), ProjectState> Next =
        Steps.ToFrozenDictionary(step => (step.From, step.On), step => step.To);

    /// <summary>The state an event leads to, or null if it cannot happen in this state.</summary>
    public static ProjectState? After(ProjectState state, ProjectEvent happened) =>
        Next.TryGetValue((state, happened), out var next) ? next : null;

    /// <summary>Whether extracts may be streamed in this state (R06).</summary>
    public static bool IsActive(ProjectState state) => After(state, ProjectEvent.StreamOpened) is not null;

    /// <summary>The name used on the wire and in documents, for example CLOSED_DELETED.</summary>
    public static string WireName(this ProjectState state) => state switch
    {
        ProjectState.Approved => "APPROVED",
        ProjectState.Delivering => "DELIVERING",
        ProjectState.Delivered => "DELIVERED",
        ProjectState.Suspended => "SUSPENDED",
        ProjectState.Withdrawn => "WITHDRAWN",
        ProjectState.Expired => "EXPIRED",
        ProjectState.Overdue => "OVERDUE",
        ProjectState.ClosedDeleted => "CLOSED_DELETED",
        ProjectState.ClosedArchived => "CLOSED_ARCHIVED",
        ProjectState.ClosedNoData => "CLOSED_NO_DATA",
    };
}
