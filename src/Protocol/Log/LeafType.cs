using System.Collections.Frozen;

namespace Delivery.Protocol.Log;

/// <summary>Everything the transfer log can say. Closed: a leaf of any other type is refused.</summary>
internal enum LeafType
{
    LogGenesis,
    KeyRotated,
    AccessChanged,
    ApprovalPushed,
    ApprovalAmended,
    ApprovalSuspended,
    ApprovalResumed,
    ApprovalWithdrawn,
    ApprovalExpired,
    ResultsImported,
    ResultsPublished,
    RecipientKeyRegistered,
    RecipientKeyRetired,
    ExtractOpened,
    RangeReleased,
    ExtractCompleted,
    ExtractAborted,
    ExtractAbandoned,
    Receipt,
    Pseudonymised,
    DeletionConfirmed,
    ArchivalConfirmed,
    ReuseRegistered,
    ProjectClosed,
    HoldingOverdue,
    ErratumRegistered,
    ErratumWithdrawn,
    AccessRefused,
}

/// <summary>The names that leaf types have in the bytes. A name, once used, never changes its meaning.</summary>
internal static class LeafTypeNames
{
    private static readonly FrozenDictionary<string, LeafType> ByName =
        Enum.GetValues<LeafType>().ToFrozenDictionary(WireName, StringComparer.Ordinal);

    /// <summary>The value of a leaf's <c>t</c>.</summary>
    public static string WireName(this LeafType type) => type switch
    {
        LeafType.LogGenesis => "log.genesis",
        LeafType.KeyRotated => "key.rotated",
        LeafType.AccessChanged => "access.changed",
        LeafType.ApprovalPushed => "approval.pushed",
        LeafType.ApprovalAmended => "approval.amended",
        LeafType.ApprovalSuspended => "approval.suspended",
        LeafType.ApprovalResumed => "approval.resumed",
        LeafType.ApprovalWithdrawn => "approval.withdrawn",
        LeafType.ApprovalExpired => "approval.expired",
        LeafType.ResultsImported => "results.imported",
        LeafType.ResultsPublished => "results.published",
        LeafType.RecipientKeyRegistered => "recipient_key.registered",
        LeafType.RecipientKeyRetired => "recipient_key.retired",
        LeafType.ExtractOpened => "extract.opened",
        LeafType.RangeReleased => "range.released",
        LeafType.ExtractCompleted => "extract.completed",
        LeafType.ExtractAborted => "extract.aborted",
        LeafType.ExtractAbandoned => "extract.abandoned",
        LeafType.Receipt => "receipt",
        LeafType.Pseudonymised => "pseudonymised",
        LeafType.DeletionConfirmed => "deletion.confirmed",
        LeafType.ArchivalConfirmed => "archival.confirmed",
        LeafType.ReuseRegistered => "reuse.registered",
        LeafType.ProjectClosed => "project.closed",
        LeafType.HoldingOverdue => "holding.overdue",
        LeafType.ErratumRegistered => "erratum.registered",
        LeafType.ErratumWithdrawn => "erratum.withdrawn",
        LeafType.AccessRefused => "access.refused",
    };

    /// <summary>Finds the type that a <c>t</c> names; false for a name nobody gave.</summary>
    public static bool TryParse(string wireName, out LeafType type) => ByName.TryGetValue(wireName, out type);
}
