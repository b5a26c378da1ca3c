using System.Collections.Frozen;
using Delivery.Protocol.Domain;

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

    /// <summary>A new version is in force (T5).</summary>
    Amended = 5,

    /// <summary>STIL suspends (T6).</summary>
    Suspended = 6,

    /// <summary>STIL resumes and nothing was delivered (T6).</summary>
    ResumedUndelivered = 7,

    /// <summary>STIL resumes and an earlier holding exists (T6).</summary>
    ResumedDelivered = 8,

    /// <summary>STIL withdraws (T7).</summary>
    Withdrawn = 9,

    /// <summary>The approved period is over (T8).</summary>
    PeriodEnded = 10,

    /// <summary>A holding's due date has passed (T10).</summary>
    DeadlinePassed = 11,

    /// <summary>The last open holding is confirmed deleted or destroyed (T11).</summary>
    LastHoldingDeleted = 12,

    /// <summary>The last open holding is confirmed, and some of them are in an archive (T12).</summary>
    LastHoldingArchived = 13,

    /// <summary>The project ends with nothing delivered (T13).</summary>
    ClosedWithoutData = 14,

    /// <summary>The recipient carried an earlier delivery over (T14).</summary>
    ReuseRegistered = 15,
}

/// <summary>One allowed step of a project's life.</summary>
internal sealed record LifeCycleStep(string Code, ProjectState From, ProjectEvent On, ProjectState To);

/// <summary>The life of a project as one table. What is not in it does not happen. Codes are those of <see cref="LifeCycleRules"/>; docs/lifecycle.md is rendered from both.</summary>
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
        new("T5", ProjectState.Approved, ProjectEvent.Amended, ProjectState.Approved),
        new("T5", ProjectState.Delivering, ProjectEvent.Amended, ProjectState.Delivering),
        new("T5", ProjectState.Delivered, ProjectEvent.Amended, ProjectState.Delivered),
        new("T5", ProjectState.Suspended, ProjectEvent.Amended, ProjectState.Suspended),
        new("T6", ProjectState.Approved, ProjectEvent.Suspended, ProjectState.Suspended),
        new("T6", ProjectState.Delivering, ProjectEvent.Suspended, ProjectState.Suspended),
        new("T6", ProjectState.Delivered, ProjectEvent.Suspended, ProjectState.Suspended),
        new("T6", ProjectState.Suspended, ProjectEvent.ResumedUndelivered, ProjectState.Approved),
        new("T6", ProjectState.Suspended, ProjectEvent.ResumedDelivered, ProjectState.Delivered),
        new("T7", ProjectState.Approved, ProjectEvent.Withdrawn, ProjectState.Withdrawn),
        new("T7", ProjectState.Delivering, ProjectEvent.Withdrawn, ProjectState.Withdrawn),
        new("T7", ProjectState.Delivered, ProjectEvent.Withdrawn, ProjectState.Withdrawn),
        new("T7", ProjectState.Suspended, ProjectEvent.Withdrawn, ProjectState.Withdrawn),
        new("T8", ProjectState.Approved, ProjectEvent.PeriodEnded, ProjectState.Expired),
        new("T8", ProjectState.Delivered, ProjectEvent.PeriodEnded, ProjectState.Expired),
        new("T8", ProjectState.Suspended, ProjectEvent.PeriodEnded, ProjectState.Expired),
        new("T10", ProjectState.Expired, ProjectEvent.DeadlinePassed, ProjectState.Overdue),
        new("T10", ProjectState.Withdrawn, ProjectEvent.DeadlinePassed, ProjectState.Overdue),
        new("T11", ProjectState.Delivered, ProjectEvent.LastHoldingDeleted, ProjectState.ClosedDeleted),
        new("T11", ProjectState.Expired, ProjectEvent.LastHoldingDeleted, ProjectState.ClosedDeleted),
        new("T11", ProjectState.Withdrawn, ProjectEvent.LastHoldingDeleted, ProjectState.ClosedDeleted),
        new("T11", ProjectState.Overdue, ProjectEvent.LastHoldingDeleted, ProjectState.ClosedDeleted),
        new("T12", ProjectState.Delivered, ProjectEvent.LastHoldingArchived, ProjectState.ClosedArchived),
        new("T12", ProjectState.Expired, ProjectEvent.LastHoldingArchived, ProjectState.ClosedArchived),
        new("T12", ProjectState.Withdrawn, ProjectEvent.LastHoldingArchived, ProjectState.ClosedArchived),
        new("T12", ProjectState.Overdue, ProjectEvent.LastHoldingArchived, ProjectState.ClosedArchived),
        new("T13", ProjectState.Approved, ProjectEvent.ClosedWithoutData, ProjectState.ClosedNoData),
        new("T13", ProjectState.Expired, ProjectEvent.ClosedWithoutData, ProjectState.ClosedNoData),
        new("T13", ProjectState.Withdrawn, ProjectEvent.ClosedWithoutData, ProjectState.ClosedNoData),
        new("T14", ProjectState.Approved, ProjectEvent.ReuseRegistered, ProjectState.Delivered),
    ];

    /// <summary>The final states.</summary>
    public static IReadOnlyList<ProjectState> Closed { get; } = [ProjectState.ClosedDeleted, ProjectState.ClosedArchived, ProjectState.ClosedNoData];

    private static readonly FrozenDictionary<(ProjectState, ProjectEvent), ProjectState> Next =
        Steps.ToFrozenDictionary(step => (step.From, step.On), step => step.To);

    /// <summary>The state an event leads to, or null if it cannot happen in this state.</summary>
    public static ProjectState? After(ProjectState state, ProjectEvent happened) =>
        Next.TryGetValue((state, happened), out var next) ? next : null;

    /// <summary>Whether extracts may be streamed in this state (R06).</summary>
    public static bool IsActive(ProjectState state) => After(state, ProjectEvent.StreamOpened) is not null;

    /// <summary>What the state is called in Danish and English.</summary>
    public static Bilingual Title(this ProjectState state) => state switch
    {
        ProjectState.Approved => new("godkendt", "approved"),
        ProjectState.Delivering => new("under levering", "being delivered"),
        ProjectState.Delivered => new("udleveret", "delivered"),
        ProjectState.Suspended => new("sat i bero", "suspended"),
        ProjectState.Withdrawn => new("tilbagekaldt", "withdrawn"),
        ProjectState.Expired => new("udløbet", "expired"),
        ProjectState.Overdue => new("frist overskredet", "deadline passed"),
        ProjectState.ClosedDeleted => new("slettet eller tilintetgjort", "deleted or destroyed"),
        ProjectState.ClosedArchived => new("arkiveret", "archived"),
        ProjectState.ClosedNoData => new("afsluttet uden levering", "closed without delivery"),
    };

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
