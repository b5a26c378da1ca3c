using Delivery.Protocol.Sealing;
using Delivery.Protocol.V1;
using Delivery.Server.Identity;
using Delivery.Server.Intake;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Delivery.Server.Telemetry;
using Delivery.Server.TransferLog;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Extracts;

/// <summary>The gRPC edge of extracts.</summary>
internal sealed class ExtractService(
    ExtractDesk desk,
    ReceiptDesk receipts,
    RecipientKeyDesk recipientKeys,
    IncidentReport incidents,
    DeliveryKey deliveryKey,
    Store store,
    PartitionKeys keys,
    Checkpoints checkpoints,
    IOptions<ExtractOptions> options,
    IOptions<IntakeOptions> intake,
    TimeProvider clock,
    ILogger<ExtractService> logger) : ExtractServiceBase
{
    public override Task<ListExtractsResponse> ListExtracts(ListExtractsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListExtractsResponse
        {
            Extracts =
            {
                desk.List(request.ProjectId, context.Identify()).Select(found => new Extract
                {
                    ProjectId = found.Row.ProjectId,
                    ApprovalVersion = found.Row.ApprovalVersion,
                    ExtractId = found.Row.ExtractId,
                    Programme = (Programme)found.Plan.Programme,
                    Schema = UnsafeByteOperations.UnsafeWrap(found.Plan.Schema.Message),
                    SchemaFingerprint = UnsafeByteOperations.UnsafeWrap(found.Plan.Schema.Fingerprint),
                    RowCountMax = found.Plan.RowsMax,
                    BatchCount = found.Plan.Segments.Count,
                    IsPinned = found.IsPinned,
                }),
            },
        });

    public override async Task StreamExtract(StreamExtractRequest request, IServerStreamWriter<ExtractFrame> responseStream, ServerCallContext context)
    {
        var caller = context.Identify();
        if (!request.SenderKeyId.Span.SequenceEqual(deliveryKey.Id))
        {
            throw RefusedException.By("E_SENDER_KEY");
        }

        var extract = await desk.OpenAsync(request, caller, context.CancellationToken);
        using var signals = new StreamSignals(Protocol.Domain.Programmes.Code(extract.Plan.Programme), extract.CallId.ToString(), extract.Start.Batch);
        try
        {
            await SendAsync(extract, request, responseStream, signals, context.CancellationToken);
            signals.Complete();
        }
        catch (Exception exception)
        {
            await AbortAsync(extract, exception, signals);
            if (exception is RefusedException { Code: "E_NO_PROGRESS" })
            {
                // What waits for a reader that reads nothing would be held until its connection ends; a status would wait behind it.
                context.GetHttpContext().Abort();
            }

            throw;
        }
    }

    public override async Task<AcknowledgeExtractResponse> AcknowledgeExtract(AcknowledgeExtractRequest request, ServerCallContext context)
    {
        var (holding, logIndex) = await receipts.AcknowledgeAsync(
            request.Receipt.ToByteArray(), request.Signature.ToByteArray(), context.Identify(), context.CancellationToken);
        return new AcknowledgeExtractResponse { HoldingId = holding.HoldingId, DeletionDue = holding.DeletionDue, LogIndex = logIndex };
    }

    public override async Task<ReportPseudonymisedResponse> ReportPseudonymised(ReportPseudonymisedRequest request, ServerCallContext context) => new()
    {
        LogIndex = await receipts.ReportAsync(
            request.ProjectId, request.ExtractId, request.RowCount, request.OutputSha256.ToByteArray(), context.Identify(), context.CancellationToken),
    };

    public override async Task<RegisterRecipientKeyResponse> RegisterRecipientKey(RegisterRecipientKeyRequest request, ServerCallContext context)
    {
        var key = await recipientKeys.RegisterAsync(
            request.Record.ToByteArray(), request.Signature.ToByteArray(), request.SignerCertificate.ToByteArray(), context.Identify(), context.CancellationToken);
        return new RegisterRecipientKeyResponse { KeyId = ByteString.CopyFrom(Convert.FromHexString(key.KeyId)), LogIndex = key.LogIndex };
    }

    public override Task<ListRecipientKeysResponse> ListRecipientKeys(ListRecipientKeysRequest request, ServerCallContext context) =>
        Task.FromResult(new ListRecipientKeysResponse
        {
            Keys =
            {
                recipientKeys.List().Select(row => new RecipientKey
                {
                    KeyId = ByteString.CopyFrom(Convert.FromHexString(row.KeyId)),
                    Record = ByteString.CopyFrom(row.Record),
                    Signature = ByteString.CopyFrom(row.Signature),
                    SignerCertificate = ByteString.CopyFrom(row.SignerCertificate),
                }),
            },
        });

    public override Task<GetIncidentReportResponse> GetIncidentReport(GetIncidentReportRequest request, ServerCallContext context) =>
        Task.FromResult(incidents.Of(request.ExtractId));

    private async Task SendAsync(OpenedExtract extract, StreamExtractRequest request, IServerStreamWriter<ExtractFrame> frames, StreamSignals signals, CancellationToken cancellation)
    {
        using var signer = deliveryKey.Open();
        using var sealer = SealedStreamWriter.Open(
            new SealedStreamRequest
            {
                Suite = extract.Recipient.Suite,
                RecipientKeyId = extract.Recipient.Id,
                SenderKeyId = deliveryKey.Id,
                CallId = request.CallId.Memory,
                ProjectId = extract.ProjectId,
                ApprovalVersion = (uint)extract.ApprovalVersion,
                ExtractId = extract.ExtractId,
                SchemaFingerprint = extract.Plan.Schema.Fingerprint,
                FirstBatchIndex = extract.Start.Batch,
                RunningDigest = extract.Start.RunningDigest,
                RowsBefore = extract.Start.Rows,
            },
            extract.Recipient,
            extract.DigestSalt,
            signer);
        var parts = new ExtractStreamParts(store, keys, desk, checkpoints, options.Value, intake.Value.CprPolicy, clock);
        await new ExtractStream(extract, sealer, parts, signals).SendAsync(frames, request.KnownLogSize, cancellation);
    }

    private async Task AbortAsync(OpenedExtract extract, Exception cause, StreamSignals signals)
    {
        var reason = cause switch
        {
            RefusedException refused => refused.Code,
            OperationCanceledException or IOException => "CALL_CUT",
            StoreFullException => "E_STORE_FULL",
            StoreUnavailableException unavailable => unavailable.Code,
            _ when store.Judge(cause) is StoreFault.Lost => StoreUnavailableException.Unreachable,
            _ => "E_INTERNAL",
        };
        signals.Abort(reason);
        if (reason == "R04")
        {
            Log.OutsideScope(logger, extract.ExtractId);
        }

        try
        {
            await desk.AbortAsync(extract, reason);
        }
        catch (Exception exception)
        {
            // The call may have ended already, its trailer lost on the way; otherwise recovery writes the leaf at the next start.
            Log.NotAborted(logger, extract.ExtractId, exception);
        }
    }
}
