namespace Delivery.Protocol.Log;

/// <content>Drafts about the log itself, and about who may and may not come in.</content>
internal sealed partial class LeafDraft
{
    /// <summary>The log begins. The previous log's origin and final checkpoint hash come together or not at all.</summary>
    public static LeafDraft LogGenesis(
        LeafActor actor, LogHash newKeyId, string? previousOrigin = null, LogHash? previousCheckpointHash = null) =>
        new(LeafType.LogGenesis, actor, null, null,
            ("new_key_id", Text(newKeyId)),
            ("previous_origin", previousOrigin is null ? null : Text(previousOrigin)),
            ("previous_checkpoint_hash", previousCheckpointHash is { } hash ? Text(hash) : null));

    /// <summary>Checkpoints are signed by another key; ids are the SHA-256 of each key's SPKI.</summary>
    public static LeafDraft KeyRotated(LeafActor actor, LogHash oldKeyId, LogHash newKeyId) =>
        new(LeafType.KeyRotated, actor, null, null, ("old_key_id", Text(oldKeyId)), ("new_key_id", Text(newKeyId)));

    /// <summary>The role table changed to one with this hash.</summary>
    public static LeafDraft AccessChanged(LeafActor actor, LogHash roleTableHash) =>
        new(LeafType.AccessChanged, actor, null, null, ("role_table_hash", Text(roleTableHash)));

    /// <summary>Callers were refused; <paramref name="spkiSha256"/> is null when no certificate was shown.</summary>
    public static LeafDraft AccessRefused(
        LeafActor actor, string reasonCode, string methodName, LogHash? spkiSha256, long count) =>
        new(LeafType.AccessRefused, actor, null, null,
            ("reason_code", Text(reasonCode)),
            ("method_name", Text(methodName)),
            ("spki_sha256", spkiSha256 is { } spki ? Text(spki) : null),
            ("count", Number(count)));

    /// <summary>A recipient key may be sealed to, from and until these moments.</summary>
    public static LeafDraft RecipientKeyRegistered(
        LeafActor actor, LogHash keyId, string suite, DateTimeOffset notBefore, DateTimeOffset notAfter) =>
        RecipientKey(LeafType.RecipientKeyRegistered, actor, keyId, suite, notBefore, notAfter);

    /// <summary>A recipient key is out of use; the moments are those it was registered with.</summary>
    public static LeafDraft RecipientKeyRetired(
        LeafActor actor, LogHash keyId, string suite, DateTimeOffset notBefore, DateTimeOffset notAfter) =>
        RecipientKey(LeafType.RecipientKeyRetired, actor, keyId, suite, notBefore, notAfter);

    private static LeafDraft RecipientKey(
        LeafType type, LeafActor actor, LogHash keyId, string suite, DateTimeOffset notBefore, DateTimeOffset notAfter) =>
        new(type, actor, null, null,
            ("recipient_key_id", Text(keyId)),
            ("suite", Text(suite)),
            ("not_before_ms", Moment(notBefore)),
            ("not_after_ms", Moment(notAfter)));
}
