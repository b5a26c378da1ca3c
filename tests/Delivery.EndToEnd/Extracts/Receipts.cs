using System.Security.Cryptography.X509Certificates;
using Delivery.EndToEnd.Running;
using Delivery.Protocol.Log;
using Delivery.Protocol.Sealing;
using Delivery.Protocol.V1;
using Google.Protobuf;

namespace Delivery.EndToEnd.Extracts;

/// <summary>Receipts as the recipient signs them.</summary>
internal static class Receipts
{
    /// <summary>Confirms what a call brought; rows and signer can be made wrong.</summary>
    public static async Task<AcknowledgeExtractResponse> AcknowledgeAsync(this DstRecipient recipient, RunningServer server, OpenedStream stream, long? rows = null, string signer = "dst-ingestion")
    {
        using var certificate = server.Certificate(signer);
        using var key = certificate.GetECDsaPrivateKey()!;
        var receipt = CanonicalJson.Write(new JsonObject(
            new("v", new JsonInteger(1)),
            new("project_id", new JsonText(stream.Extract.ProjectId)),
            new("extract_id", new JsonText(stream.Extract.ExtractId)),
            new("approval_version", new JsonInteger(stream.Extract.ApprovalVersion)),
            new("call_id", new JsonText(new LogHash(stream.Call.Request.CallId.Span).ToString())),
            new("row_count", new JsonInteger(rows ?? stream.Rows)),
            new("batch_count", new JsonInteger(stream.NextBatch)),
            new("list_digest", new JsonText(new LogHash(stream.RunningDigest).ToString()))));
        return await recipient.Service.AcknowledgeExtractAsync(new AcknowledgeExtractRequest
        {
            Receipt = ByteString.CopyFrom(receipt),
            Signature = ByteString.CopyFrom(SenderKey.Sign(key, "delivery/v1 receipt"u8, receipt)),
        });
    }
}
