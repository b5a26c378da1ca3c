using Delivery.Protocol.V1;
using Delivery.Server.Catalogue;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Delivery.Server.Telemetry;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Intake;

/// <summary>The gRPC edge of intake.</summary>
internal sealed class IntakeService(ImportDesk desk, ImportedQuality quality, StoreWriter writer, PartitionKeys keys, IOptions<IntakeOptions> intake, IOptions<StorageOptions> storage)
    : Protocol.V1.IntakeService.IntakeServiceBase
{
    public override async Task<ImportResultsResponse> ImportResults(IAsyncStreamReader<ImportResultsRequest> requestStream, ServerCallContext context)
    {
        var caller = context.Identify();
        using var upload = new ImportUpload(requestStream);
        var header = await upload.ReadHeaderAsync(context.CancellationToken);
        var format = Format(header);
        if (desk.Earlier(header.SourceDeliveryId) is var (report, digest))
        {
            return await RepeatAsync(upload, report, digest, context.CancellationToken);
        }

        var start = await desk.BeginAsync(header.SourceDeliveryId, context.CancellationToken);
        using var signals = new ImportSignals(start.ImportId);
        using var run = new ImportRun(start, writer, keys, intake.Value, storage.Value.SegmentRowsMax);
        try
        {
            await new FileImport(upload, format, intake.Value.CprPolicy).ReadAsync(run, context.CancellationToken);
            await run.FinishAsync(context.CancellationToken);
            var completed = await desk.CompleteAsync(run, caller, upload.Digest);
            signals.Complete(run.AcceptedRows, run.RejectedRows, run.Findings.All().Select(found => (found.Code.Reason.Code, found.Rows)));
            return completed;
        }
        catch
        {
            await run.FinishStoringAsync();
            await desk.AbandonAsync(start.ImportId);
            throw;
        }
    }

    public override Task<GetQualityReportResponse> GetQualityReport(GetQualityReportRequest request, ServerCallContext context) =>
        Task.FromResult(quality.Reports(request));

    public override Task<ListRejectedRowsResponse> ListRejectedRows(ListRejectedRowsRequest request, ServerCallContext context) =>
        Task.FromResult(quality.RejectedRows(request));

    public override Task<GetPartitionHistoryResponse> GetPartitionHistory(GetPartitionHistoryRequest request, ServerCallContext context) =>
        Task.FromResult(quality.History(request));

    private static async Task<ImportResultsResponse> RepeatAsync(ImportUpload upload, ImportResultsResponse report, byte[] digest, CancellationToken cancellation)
    {
        await upload.SkipAsync(cancellation);
        if (!digest.AsSpan().SequenceEqual(upload.Digest))
        {
            throw RefusedException.By("E_IMPORT_CONFLICT", report.SourceDeliveryId);
        }

        report.AlreadyImported = true;
        return report;
    }

    private CsvFormat Format(ImportHeader header)
    {
        GivenName.Require(header.SourceDeliveryId, "header.source_delivery_id", "E_FIELD_FORMAT");
        return new CsvFormat(
            header.Encoding switch
            {
                CsvEncoding.Utf8 => CsvText.Utf8,
                CsvEncoding.Windows1252 => CsvText.Windows1252,
                _ => throw RefusedException.By("E_FIELD_MISSING", "header.encoding"),
            },
            header.Delimiter switch
            {
                CsvDelimiter.Comma => (byte)',',
                CsvDelimiter.Semicolon => (byte)';',
                _ => throw RefusedException.By("E_FIELD_MISSING", "header.delimiter"),
            },
            intake.Value.LineBytesMax);
    }
}
