using System.Security.Cryptography;
using Delivery.Protocol.Sealing;
using Google.Protobuf;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Extracts;

/// <summary>How far an extract has come, and what the next call for the rest of it is asked with.</summary>
/// <param name="NextBatch">The first batch not yet held.</param>
/// <param name="RunningDigest">The running digest before it, 32 bytes; empty at the beginning.</param>
/// <param name="Rows">Rows in the batches before it.</param>
internal sealed record ExtractPosition(long NextBatch, ReadOnlyMemory<byte> RunningDigest, long Rows)
{
    public static ExtractPosition Beginning { get; } = new(0, default, 0);

    /// <summary>Where a bookmark lies.</summary>
    public static ExtractPosition Of(ExtractBookmark? bookmark) =>
        bookmark is null ? Beginning : new(bookmark.NextBatch, bookmark.RunningDigest, bookmark.Rows);

    /// <summary>The place after the next batch.</summary>
    public ExtractPosition After(OpenedBatch batch) => new(batch.Index + 1, batch.RunningDigest, Rows + batch.Rows);

    /// <summary>The header we expect for a call from here. Every word of it is ours; the call id is new.</summary>
    public SealedStreamRequest Expect(ExtractInfo extract, ExtractTrust trust)
    {
        var expected = new SealedStreamRequest
        {
            Suite = trust.Recipient.Suite,
            RecipientKeyId = trust.Recipient.PublicKey.Id,
            SenderKeyId = trust.SenderKeyId,
            CallId = RandomNumberGenerator.GetBytes(SealedStreamRequest.CallIdSize),
            ProjectId = extract.ProjectId,
            ApprovalVersion = (uint)extract.ApprovalVersion,
            ExtractId = extract.ExtractId,
            SchemaFingerprint = extract.Schema.Fingerprint,
        };
        return NextBatch == 0 ? expected : expected with { FirstBatchIndex = NextBatch, RunningDigest = RunningDigest, RowsBefore = Rows };
    }

    /// <summary>The request that asks for it.</summary>
    public Wire.StreamExtractRequest Ask(SealedStreamRequest expected, long knownLogSize) => new()
    {
        ProjectId = expected.ProjectId,
        ApprovalVersion = (int)expected.ApprovalVersion,
        ExtractId = expected.ExtractId,
        SchemaFingerprint = ByteString.CopyFrom(expected.SchemaFingerprint.Span),
        CallId = ByteString.CopyFrom(expected.CallId.Span),
        RecipientKeyId = ByteString.CopyFrom(expected.RecipientKeyId.Span),
        SenderKeyId = ByteString.CopyFrom(expected.SenderKeyId.Span),
        FirstBatch = NextBatch,
        RunningDigest = ByteString.CopyFrom(RunningDigest.Span),
        KnownLogSize = knownLogSize,
    };
}
