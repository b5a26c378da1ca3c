using System.IO.Pipelines;
using System.Text;
using System.Text.RegularExpressions;
using Delivery.Protocol.V1;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Intake;

/// <summary>The gRPC edge of intake.</summary>
internal sealed partial class IntakeService(ImportDesk desk, StoreWriter writer, IOptions<IntakeOptions> intake, IOptions<StorageOptions> storage)
    : Protocol.V1.IntakeService.IntakeServiceBase
{
    public override async Task<ImportResultsResponse> ImportResults(IAsyncStreamReader<ImportResultsRequest> requestStream, ServerCallContext context)
    {
        var caller = context.Identify();
        var upload = new ImportUpload(requestStream);
        var header = await upload.ReadHeaderAsync(context.CancellationToken);
        var format = Format(header);
        if (desk.Earlier(header.SourceDeliveryId) is var (report, digest))
        {
            return await RepeatAsync(upload, report, digest, context.CancellationToken);
        }

        var start = await desk.BeginAsync(header.SourceDeliveryId, context.CancellationToken);
        using var run = new ImportRun(start, writer, intake.Value, storage.Value.SegmentRowsMax);
        try
        {
            await ReadAsync(upload, run, format, context.CancellationToken);
            return await desk.CompleteAsync(run, caller, upload.Digest);
        }
        catch
        {
            await run.FinishStoringAsync();
            await desk.AbandonAsync(start.ImportId);
            throw;
        }
    }

    // The file is read while it arrives; the pipe holds the sender back when reading or storing is slower.
    private async Task ReadAsync(ImportUpload upload, ImportRun run, CsvFormat format, CancellationToken cancellation)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 4 << 20, resumeWriterThreshold: 2 << 20, useSynchronizationContext: false));
        var receiving = upload.CopyToAsync(pipe.Writer, cancellation);
        try
        {
            using var csv = new ResultsCsv(pipe.Reader.AsStream(), format, intake.Value.LineBytesMax);
            await Task.Run(() => run.ReadAsync(csv, cancellation), cancellation);
        }
        finally
        {
            await pipe.Reader.CompleteAsync();
        }

        await receiving;
    }

    private static async Task<ImportResultsResponse> RepeatAsync(ImportUpload upload, ImportResultsResponse report, byte[] digest, CancellationToken cancellation)
    {
        await upload.CopyToAsync(PipeWriter.Create(Stream.Null), cancellation);
        if (!digest.AsSpan().SequenceEqual(upload.Digest))
        {
            throw RefusedException.By("E_IMPORT_CONFLICT", report.SourceDeliveryId);
        }

        report.AlreadyImported = true;
        return report;
    }

    private static CsvFormat Format(ImportHeader header)
    {
        if (!SourceDeliveryId().IsMatch(header.SourceDeliveryId))
        {
            throw RefusedException.By("E_FIELD_FORMAT", "header.source_delivery_id");
        }

        return new CsvFormat(
            header.Encoding switch
            {
                CsvEncoding.Utf8 => new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true),
                CsvEncoding.Windows1252 => CodePagesEncodingProvider.Instance.GetEncoding(1252, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!,
                _ => throw RefusedException.By("E_FIELD_MISSING", "header.encoding"),
            },
            header.Delimiter switch
            {
                CsvDelimiter.Comma => ',',
                CsvDelimiter.Semicolon => ';',
                _ => throw RefusedException.By("E_FIELD_MISSING", "header.delimiter"),
            });
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$", RegexOptions.CultureInvariant)]
    private static partial Regex SourceDeliveryId();
}
