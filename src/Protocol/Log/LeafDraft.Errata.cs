namespace Delivery.Protocol.Log;

/// <content>Drafts about errata.</content>
internal sealed partial class LeafDraft
{
    /// <summary>A caveat or a fault was registered; the digest is that of the document deliveries carry.</summary>
    public static LeafDraft ErratumRegistered(LeafActor actor, string erratumId, string severity, string programme, LogHash documentDigest) =>
        new(LeafType.ErratumRegistered, actor, null, null,
            ("erratum_id", Text(erratumId)),
            ("severity", Text(severity)),
            ("programme", Text(programme)),
            ("document_digest", Text(documentDigest)));

    /// <summary>An erratum no longer holds.</summary>
    public static LeafDraft ErratumWithdrawn(LeafActor actor, string erratumId, LogHash reasonDigest) =>
        new(LeafType.ErratumWithdrawn, actor, null, null, ("erratum_id", Text(erratumId)), ("reason_digest", Text(reasonDigest)));
}
