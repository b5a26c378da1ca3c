using System.Text;
using Delivery.Protocol.Log;

namespace Delivery.Tests.Log;

/// <summary>One draft of every type, with values that fit, and the pieces tests are made of.</summary>
internal static class SampleLeaves
{
    public const string Origin = "log.delivery.example/test";
    public const long TimestampMs = 1_790_000_000_000;

    public static LeafActor Actor { get; } = new("STIL", "stil-approvals", Digest("actor"));

    public static ApprovalFacts Approval { get; } =
        new(2, Digest("scope"), new DateOnly(2025, 1, 1), new DateOnly(2027, 12, 31), Digest("documents"));

    public static OpeningFacts Opening { get; } = new(
        Digest("call"), 3, 2, "NT", Digest("snapshot"), Digest("schema"), 40, 52_000,
        Digest("recipient"), Digest("client"), Digest("server"));

    /// <summary>Every type once. A type without a sample fails here.</summary>
    public static IReadOnlyList<LeafDraft> All { get; } = [.. Enum.GetValues<LeafType>().Select(Of)];

    public static LogHash Digest(string of) => LogHash.Of(Encoding.ASCII.GetBytes(of));

    public static byte[] Compose(LeafType type, long index = 7) =>
        Leaf.Compose(All.Single(draft => draft.Type == type), Origin, index, TimestampMs);

    public static Dictionary<string, JsonValue> Members(LeafType type) =>
        new(((JsonObject)CanonicalJson.Parse(Compose(type))).Members);

    public static byte[] Altered(LeafType type, Action<Dictionary<string, JsonValue>> change)
    {
        var members = Members(type);
        change(members);
        return CanonicalJson.Write(new JsonObject(members));
    }

    private static LeafDraft Of(LeafType type) => type switch
    {
        LeafType.LogGenesis => LeafDraft.LogGenesis(Actor, Digest("new key"), "log.delivery.example/before", Digest("last note")),
        LeafType.KeyRotated => LeafDraft.KeyRotated(Actor, Digest("old key"), Digest("new key")),
        LeafType.AccessChanged => LeafDraft.AccessChanged(Actor, Digest("roles")),
        LeafType.ApprovalPushed => LeafDraft.ApprovalPushed(Actor, "P-17", Approval),
        LeafType.ApprovalAmended => LeafDraft.ApprovalAmended(Actor, "P-17", Approval),
        LeafType.ApprovalSuspended => LeafDraft.ApprovalSuspended(Actor, "P-17", Approval),
        LeafType.ApprovalResumed => LeafDraft.ApprovalResumed(Actor, "P-17", Approval),
        LeafType.ApprovalWithdrawn => LeafDraft.ApprovalWithdrawn(Actor, "P-17", Approval),
        LeafType.ApprovalExpired => LeafDraft.ApprovalExpired(Actor, "P-17", Approval),
        LeafType.ResultsImported => LeafDraft.ResultsImported(
            Actor, "NT-DAN-2/2014-2015", 3, 52_000, 12, 4_000, "batch-2015.06", Digest("quality")),
        LeafType.ResultsPublished => LeafDraft.ResultsPublished(Actor, "FNO", "2023/2024", new DateOnly(2024, 5, 2)),
        LeafType.RecipientKeyRegistered => LeafDraft.RecipientKeyRegistered(
            Actor, Digest("recipient"), "P256-HKDF-SHA256-AES256GCM", Moment(0), Moment(365)),
        LeafType.RecipientKeyRetired => LeafDraft.RecipientKeyRetired(
            Actor, Digest("recipient"), "P256-HKDF-SHA256-AES256GCM", Moment(0), Moment(365)),
        LeafType.ExtractOpened => LeafDraft.ExtractOpened(Actor, "P-17", "X-4", Opening),
        LeafType.RangeReleased => LeafDraft.RangeReleased(
            Actor, "P-17", "X-4", Digest("call"), 16, 32, 4_194_304, Digest("running")),
        LeafType.ExtractCompleted => LeafDraft.ExtractCompleted(
            Actor, "P-17", "X-4", Digest("call"), 52_000, 40, Digest("list"), Digest("quality")),
        LeafType.ExtractAborted => LeafDraft.ExtractAborted(
            Actor, "P-17", "X-4", Digest("call"), 20_800, 16, "SERVER_RESTART"),
        LeafType.ExtractAbandoned => LeafDraft.ExtractAbandoned(Actor, "P-17", "X-4", 20_800, 16),
        LeafType.Receipt => LeafDraft.Receipt(
            Actor, "P-17", "X-4", 52_000, Digest("list"), Digest("receipt"), "H-1"),
        LeafType.Pseudonymised => LeafDraft.Pseudonymised(Actor, "P-17", "X-4", 52_000, Digest("output")),
        LeafType.DeletionConfirmed => LeafDraft.DeletionConfirmed(
            Actor, "P-17", ["H-2", "H-1"], "DESTROYED", new DateOnly(2026, 3, 1), Digest("evidence")),
        LeafType.ArchivalConfirmed => LeafDraft.ArchivalConfirmed(
            Actor, "P-17", ["H-1"], "ARCHIVED", new DateOnly(2026, 3, 1), Digest("evidence")),
        LeafType.ReuseRegistered => LeafDraft.ReuseRegistered(Actor, "P-17", "P-3", "H-1", "H-2", 1_200),
        LeafType.ProjectClosed => LeafDraft.ProjectClosed(Actor, "P-17", "CLOSED_DELETED"),
        LeafType.HoldingOverdue => LeafDraft.HoldingOverdue(Actor, "P-17", "H-1", new DateOnly(2026, 1, 31)),
        LeafType.ErratumRegistered => LeafDraft.ErratumRegistered(Actor, "E-2026-01", "FAULT", "NT", Digest("erratum")),
        LeafType.ErratumWithdrawn => LeafDraft.ErratumWithdrawn(Actor, "E-2026-01", Digest("reason")),
        LeafType.AccessRefused => LeafDraft.AccessRefused(
            Actor, "E_ROLE", "delivery.v1.ExtractService/StreamExtract", Digest("caller"), 41),
    };

    private static DateTimeOffset Moment(int days) =>
        DateTimeOffset.FromUnixTimeMilliseconds(TimestampMs).AddDays(days);
}
