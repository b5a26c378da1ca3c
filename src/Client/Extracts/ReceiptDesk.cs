using Delivery.Client.Connection;
using Delivery.Protocol.Log;
using Google.Protobuf;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Extracts;

/// <summary>What happens after an extract was proven: at the server, or in a test that plays one.</summary>
internal interface IReceiptDesk
{
    Task<ExtractReceipt> AcknowledgeAsync(ExtractInfo extract, ExtractProof proof, CancellationToken cancellation);

    Task<long> ReportPseudonymisedAsync(ExtractInfo extract, long rowCount, ReadOnlyMemory<byte> outputSha256, CancellationToken cancellation);
}

/// <summary>Signs receipts with the client certificate's key and sends them, again if the connection breaks.</summary>
internal sealed class ReceiptDesk(ServerConnection connection, ExtractPatience patience) : IReceiptDesk
{
    private const int Version = 1;

    private readonly Wire.ExtractService.ExtractServiceClient _service = new(connection.Invoker);

    private static ReadOnlySpan<byte> SignatureLabel => "delivery/v1 receipt"u8;

    public async Task<ExtractReceipt> AcknowledgeAsync(ExtractInfo extract, ExtractProof proof, CancellationToken cancellation)
    {
        var receipt = Compose(extract, proof);
        var request = new Wire.AcknowledgeExtractRequest
        {
            Receipt = ByteString.CopyFrom(receipt),
            Signature = ByteString.CopyFrom(connection.Identity.Sign(SignatureLabel, receipt)),
        };
        var response = await patience.Pipeline().ExecuteAsync(
            async token => await connection.CallAsync(options => _service.AcknowledgeExtractAsync(request, options), token), cancellation);
        return new ExtractReceipt(response.HoldingId, WireText.Date(response.DeletionDue), response.LogIndex);
    }

    public async Task<long> ReportPseudonymisedAsync(
        ExtractInfo extract, long rowCount, ReadOnlyMemory<byte> outputSha256, CancellationToken cancellation)
    {
        var request = new Wire.ReportPseudonymisedRequest
        {
            ProjectId = extract.ProjectId,
            ExtractId = extract.ExtractId,
            RowCount = rowCount,
            OutputSha256 = ByteString.CopyFrom(outputSha256.Span),
        };
        var response = await patience.Pipeline().ExecuteAsync(
            async token => await connection.CallAsync(options => _service.ReportPseudonymisedAsync(request, options), token), cancellation);
        return response.LogIndex;
    }

    /// <summary>The receipt's bytes: restricted canonical JSON, one form for one receipt.</summary>
    public static byte[] Compose(ExtractInfo extract, ExtractProof proof) => CanonicalJson.Write(new JsonObject(
        new("v", new JsonInteger(Version)),
        new("project_id", new JsonText(extract.ProjectId)),
        new("extract_id", new JsonText(extract.ExtractId)),
        new("approval_version", new JsonInteger(extract.ApprovalVersion)),
        new("call_id", new JsonText(proof.CallId)),
        new("row_count", new JsonInteger(proof.Rows)),
        new("batch_count", new JsonInteger(proof.Batches)),
        new("list_digest", new JsonText(proof.ListDigest))));
}
