using System.Collections.Frozen;
using static Delivery.Protocol.Log.FieldShape;
using static Delivery.Protocol.Log.Subject;

namespace Delivery.Protocol.Log;

/// <summary>
/// The table of leaf forms: which fields each type has. It is the only place that says so; the writer, the reader and
/// the schemas in <c>docs/leaves</c> all follow it.
/// </summary>
internal static class LeafForms
{
    private static readonly FrozenDictionary<LeafType, LeafForm> ByType =
        Enum.GetValues<LeafType>().ToFrozenDictionary(type => type, Describe);

    /// <summary>The form of leaves of this type.</summary>
    public static LeafForm Of(LeafType type) => ByType[type];

    private static LeafForm Describe(LeafType type) => type switch
    {
        LeafType.LogGenesis => new(type, "The log begins, perhaps where another ended.", None, None,
        [
            new("new_key_id", Hash, "SHA-256 of the SPKI of the key that signs checkpoints from here."),
            new("previous_origin", Id, "Origin of the log that this one continues.", Optional: true),
            new("previous_checkpoint_hash", Hash, "SHA-256 of the text of that log's last checkpoint, its three lines.", Optional: true),
        ])
        { Together = ("previous_origin", "previous_checkpoint_hash") },
        LeafType.KeyRotated => new(type, "Checkpoints are signed by another key from here.", None, None,
        [
            new("old_key_id", Hash, "SHA-256 of the SPKI of the key that signed until here."),
            new("new_key_id", Hash, "SHA-256 of the SPKI of the key that signs from here."),
        ]),
        LeafType.AccessChanged => new(type, "Who holds which role changed.", None, None,
            [new("role_table_hash", Hash, "SHA-256 of the role table now in force.")]),
        LeafType.ApprovalPushed => Approval(type, "An approved project arrived."),
        LeafType.ApprovalAmended => Approval(type, "A new version of an approval arrived."),
        LeafType.ApprovalSuspended => Approval(type, "Nothing is delivered under this approval until it is resumed."),
        LeafType.ApprovalResumed => Approval(type, "A suspended approval is in force again."),
        LeafType.ApprovalWithdrawn => Approval(type, "The approval ended before its time."),
        LeafType.ApprovalExpired => Approval(type, "The approval's period ended."),
        LeafType.ResultsImported => new(type, "A generation of a partition was taken in.", None, None,
        [
            new("partition_code", Id, "Programme, school year, subject and grade."),
            new("generation", Count, "Number of the partition's generation, from 1."),
            new("row_count", Count, "Rows kept, voluntary ones included."),
            new("rejected_row_count", Count, "Rows refused."),
            new("voluntary_row_count", Count, "Rows kept that never leave because the test was voluntary."),
            new("source_delivery_id", Id, "The test system's own name for the delivery."),
            new("quality_report_digest", Hash, "SHA-256 of the quality report."),
        ]),
        LeafType.ResultsPublished => new(type, "National results of a school year are public.", None, None,
        [
            new("programme", Code, "NT or FNO."),
            new("school_year", SchoolYear, "The school year they are of."),
            new("published_on", Date, "The day they became public."),
        ]),
        LeafType.RecipientKeyRegistered => RecipientKey(type, "Extracts may be sealed to this key."),
        LeafType.RecipientKeyRetired => RecipientKey(type, "No extract is sealed to this key any more."),
        LeafType.ExtractOpened or LeafType.RangeReleased or LeafType.ExtractCompleted or LeafType.ExtractAborted
            or LeafType.ExtractAbandoned or LeafType.Receipt or LeafType.Pseudonymised => ExtractForms.Describe(type),
        LeafType.DeletionConfirmed => Confirmation(type, "The recipient's holdings are deleted or destroyed."),
        LeafType.ArchivalConfirmed => Confirmation(type, "The recipient's holdings went to an archive."),
        LeafType.ReuseRegistered => new(type, "The recipient carried an earlier delivery over to this project; no bytes left.", Required, None,
        [
            new("source_project_id", Id, "The project it was delivered to."),
            new("source_holding_id", Id, "The holding it was taken from."),
            new("holding_id", Id, "The holding that this created."),
            new("row_count", Count, "Rows carried over."),
        ]),
        LeafType.ProjectClosed => new(type, "The project is over; nothing more is delivered to it.", Required, None,
            [new("disposition", Code, "How its data ended.")]),
        LeafType.HoldingOverdue => new(type, "A holding passed its deadline unconfirmed.", Required, None,
        [
            new("holding_id", Id, "The holding."),
            new("due_on", Date, "The day by which it was to be deleted or archived."),
        ]),
        LeafType.ErratumRegistered => new(type, "A caveat or a fault in results was registered; it travels with every delivery it concerns from here.", None, None,
        [
            new("erratum_id", Id, "STIL's own name for it."),
            new("severity", Code, "CAVEAT or FAULT."),
            new("programme", Code, "NT or FNO."),
            new("document_digest", Hash, "SHA-256 of the erratum's document, whose bytes deliveries carry."),
        ]),
        LeafType.ErratumWithdrawn => new(type, "An erratum no longer holds; deliveries planned from here do not carry it.", None, None,
        [
            new("erratum_id", Id, "The erratum."),
            new("reason_digest", Hash, "SHA-256 of the reason: the Danish text, a line feed, the English text."),
        ]),
        LeafType.AccessRefused => new(type, "Callers were refused; one leaf may stand for many.", None, None,
        [
            new("reason_code", Code, "Why."),
            new("method_name", Id, "The call that was refused, or the stage before any call."),
            new("spki_sha256", Hash, "The refused certificate's key; absent when none was shown.", Optional: true),
            new("count", Count, "How many refusals this leaf stands for."),
        ]),
    };

    private static LeafForm Approval(LeafType type, string meaning) => new(type, meaning, Required, None,
    [
        new("approval_version", Count, "The version this is about, from 1."),
        new("scope_digest", Hash, "SHA-256 of the approved scope."),
        new("valid_from", Date, "First day of the period."),
        new("valid_to", Date, "Last day of the period."),
        new("documents_commitment", Hash, "Salted commitment to the approval's documents."),
    ])
    { Order = new("valid_from", "valid_to", MayBeEqual: true) };

    private static LeafForm RecipientKey(LeafType type, string meaning) => new(type, meaning, None, None,
    [
        new("recipient_key_id", Hash, "SHA-256 of the recipient key's SPKI."),
        new("suite", Id, "The sealing suite the key is for."),
        new("not_before_ms", TimeMs, "When the key becomes usable."),
        new("not_after_ms", TimeMs, "When the key stops being usable."),
    ])
    { Order = new("not_before_ms", "not_after_ms", MayBeEqual: false) };

    private static LeafForm Confirmation(LeafType type, string meaning) => new(type, meaning, Required, None,
    [
        new("holding_ids", IdSet, "The holdings it covers."),
        new("method", Code, "How it was done."),
        new("confirmed_on", Date, "The day it was done, as the signer states."),
        new("evidence_commitment", Hash, "Salted commitment to the signed confirmation."),
    ]);
}
