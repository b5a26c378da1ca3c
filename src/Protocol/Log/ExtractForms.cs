using static Delivery.Protocol.Log.FieldShape;
using static Delivery.Protocol.Log.Subject;

namespace Delivery.Protocol.Log;

/// <summary>The part of the table of leaf forms that follows one extract from its first call to its pseudonyms.</summary>
internal static class ExtractForms
{
    private static readonly LeafField CallId = new("call_id", Hash, "The 32 random bytes the client chose for the call.");

    /// <summary>The form of a leaf about an extract.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type is not one of an extract.</exception>
    public static LeafForm Describe(LeafType type) => type switch
    {
        LeafType.ExtractOpened => new(type, "A call for an extract was accepted; no data has left yet.", Required, Required,
        [
            CallId,
            new("approval_leaf_index", Count, "Index of the approval leaf that allows it."),
            new("approval_version", Count, "The approval version it follows."),
            new("programme", Code, "NT or FNO."),
            new("snapshot_digest", Hash, "SHA-256 of the pinned partitions and generations."),
            new("schema_fingerprint", Hash, "SHA-256 of the Arrow schema."),
            new("planned_batch_count", Count, "Batches in the whole extract."),
            new("planned_row_count", Count, "Rows in the whole extract."),
            new("recipient_key_id", Hash, "SHA-256 of the SPKI that the payload is sealed to."),
            new("client_spki_sha256", Hash, "Key of the client's certificate."),
            new("server_spki_sha256", Hash, "Key of the server's certificate."),
        ]),
        LeafType.RangeReleased => new(type, "Committed before any byte of these batches is written.", Required, Required,
        [
            CallId,
            new("from_batch", Count, "First batch released."),
            new("to_batch", Count, "Just past the last batch released."),
            new("sealed_size_bytes", Count, "Sealed bytes in the range."),
            new("running_digest", Hash, "Running digest after the range."),
        ])
        { Order = new("from_batch", "to_batch", MayBeEqual: false) },
        LeafType.ExtractCompleted => new(type, "The call ended with every batch written.", Required, Required,
        [
            CallId,
            new("row_count", Count, "Rows in the extract."),
            new("batch_count", Count, "Batches in the extract."),
            new("list_digest", Hash, "SHA-256 over the SHA-256 digests of all batches."),
            new("quality_digest", Hash, "SHA-256 of the quality report in the trailer."),
        ]),
        LeafType.ExtractAborted => new(type, "The call ended early; at most this much left.", Required, Required,
        [
            CallId,
            new("released_row_count", Count, "Rows that may have left."),
            new("released_batch_count", Count, "Batches that may have left."),
            new("reason_code", Code, "Why."),
        ]),
        LeafType.ExtractAbandoned => new(type, "Nobody asked for the extract any more; what it had pinned was released, and it is not resumed.", Required, Required,
        [
            new("released_row_count", Count, "Rows that may have left, over all its calls."),
            new("released_batch_count", Count, "Batches that may have left, over all its calls."),
        ]),
        LeafType.Receipt => new(type, "The recipient states what arrived.", Required, Required,
        [
            new("row_count", Count, "Rows the recipient counted."),
            new("list_digest", Hash, "The digest the recipient computed."),
            new("receipt_hash", Hash, "SHA-256 of the signed receipt."),
            new("holding_id", Id, "The holding that this delivery created."),
        ]),
        LeafType.Pseudonymised => new(type, "The recipient replaced every CPR number.", Required, Required,
        [
            new("row_count", Count, "Rows in the pseudonymised output."),
            new("output_digest", Hash, "SHA-256 of the output."),
        ]),
        LeafType.LogGenesis or LeafType.KeyRotated or LeafType.AccessChanged or LeafType.ApprovalPushed
            or LeafType.ApprovalAmended or LeafType.ApprovalSuspended or LeafType.ApprovalResumed
            or LeafType.ApprovalWithdrawn or LeafType.ApprovalExpired or LeafType.ResultsImported
            or LeafType.ResultsPublished or LeafType.RecipientKeyRegistered or LeafType.RecipientKeyRetired
            or LeafType.DeletionConfirmed or LeafType.ArchivalConfirmed or LeafType.ReuseRegistered or LeafType.ProjectClosed
            or LeafType.HoldingOverdue or LeafType.ErratumRegistered or LeafType.ErratumWithdrawn or LeafType.AccessRefused =>
            throw new ArgumentOutOfRangeException(nameof(type), "Not a type of an extract."),
    };
}
