using System.Runtime.CompilerServices;
using Delivery.Client.Connection;
using Delivery.Client.Refusals;
using Grpc.Core;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Intake;

/// <summary>Brings results in from the test system.</summary>
public sealed class IntakeClient
{
    private readonly ServerConnection _connection;

    private readonly Wire.IntakeService.IntakeServiceClient _service;

    internal IntakeClient(ServerConnection connection)
    {
        _connection = connection;
        _service = new Wire.IntakeService.IntakeServiceClient(connection.Invoker);
    }

    /// <summary>
    /// Imports one results file: CSV, or an Arrow IPC file or stream, which the server tells by its first bytes. Every partition it names is
    /// replaced as a whole, all in one transaction, or nothing changes. Importing the same delivery again answers with the first report. While
    /// another import is under way, or when the connection is lost, the file is sent again after a wait,
    /// <see cref="ImportOptions.AttemptsMax"/> times at the most. Role: stil-intake.
    /// </summary>
    /// <param name="file">The file; its length must not change meanwhile.</param>
    /// <param name="options">What the file is.</param>
    /// <param name="progress">Told after each chunk and before each wait, on the uploading thread.</param>
    /// <param name="cancellation">Abandons the upload; then nothing was changed, unless the file's end had been sent.</param>
    /// <exception cref="DeliveryRefusedException">The file, or the import as a whole, breaks a rule; E_IMPORT_IN_PROGRESS: another import outlasted every attempt.</exception>
    /// <exception cref="DeliveryClientException">The file cannot be read, or the server not reached.</exception>
    public async Task<ImportReport> ImportCsvAsync(
        string file, ImportOptions options, IProgress<ImportProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var patience = ImportPatience.Of(options, _connection.Clock);
        using var content = Open(file);
        var pipeline = patience.Pipeline(
            () => _connection.HasAnswered, obstacle => progress?.Report(new ImportProgress(0, content.Length) { WaitsFor = obstacle }));
        try
        {
            return await pipeline.ExecuteAsync(async attempt => await SendAsync(content, options, progress, attempt), cancellation);
        }
        catch (IOException cause)
        {
            throw new DeliveryClientException(ClientReasons.FileUnreadable, Path.GetFileName(file), cause);
        }
    }

    /// <summary>The quality report of a partition, or of every partition that holds results. Roles: stil-intake, stil-approvals, auditor.</summary>
    /// <param name="partition">For example <c>NT-DAN-2-2014</c>; null for all.</param>
    /// <param name="generation">A generation of the partition; 0 for the one it stands at.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="DeliveryRefusedException">E_NOT_FOUND: there is no such partition or generation.</exception>
    public async Task<IReadOnlyList<QualityReport>> GetQualityAsync(string? partition = null, long generation = 0, CancellationToken cancellation = default)
    {
        var request = new Wire.GetQualityReportRequest { Partition = partition ?? "", Generation = generation };
        var response = await _connection.CallAsync(options => _service.GetQualityReportAsync(request, options), cancellation);
        return [.. response.Reports.Select(report => new QualityReport(
            report.Partition,
            report.Generation,
            report.SourceDeliveryId,
            report.RowCount,
            report.RejectedRowCount,
            report.VoluntaryRowCount,
            [.. report.Findings.Select(ImportReports.Finding)],
            Convert.ToHexStringLower(report.Digest.Span),
            report.Document.Memory))];
    }

    /// <summary>Rows that were set aside, in the order of the file, fetched page by page. Roles: stil-intake, stil-approvals, auditor.</summary>
    /// <exception cref="DeliveryRefusedException">E_NOT_FOUND: there is no such delivery, partition or generation.</exception>
    public async IAsyncEnumerable<RejectedRow> ListRejectedRowsAsync(RejectedRowsQuery query, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var request = new Wire.ListRejectedRowsRequest
        {
            Partition = query.Partition ?? "", Generation = query.Generation, SourceDeliveryId = query.SourceDeliveryId ?? "", Code = query.Code ?? "",
        };
        for (var hasMore = true; hasMore;)
        {
            var page = await _connection.CallAsync(options => _service.ListRejectedRowsAsync(request, options), cancellation);
            foreach (var row in page.Rows)
            {
                yield return new RejectedRow(row.RowNumber, row.Partition, [.. row.Codes]);
                request.AfterRowNumber = row.RowNumber;
            }

            hasMore = page.HasMore && page.Rows.Count > 0;
        }
    }

    /// <summary>Every generation a partition has had, newest first, and which extracts were made of each. Roles: stil-intake, stil-approvals, auditor.</summary>
    /// <exception cref="DeliveryRefusedException">E_NOT_FOUND: the catalogue has no such partition.</exception>
    public async Task<IReadOnlyList<PartitionGeneration>> GetHistoryAsync(string partition, CancellationToken cancellation = default)
    {
        var request = new Wire.GetPartitionHistoryRequest { Partition = partition };
        var response = await _connection.CallAsync(options => _service.GetPartitionHistoryAsync(request, options), cancellation);
        return [.. response.Generations.Select(one => new PartitionGeneration(
            one.Generation, one.State, WireText.Time(one.ImportTimeMs), one.SourceDeliveryId, one.RowCount, one.RejectedRowCount, one.LogIndex, [.. one.ExtractIds]))];
    }

    private async Task<ImportReport> SendAsync(FileStream content, ImportOptions options, IProgress<ImportProgress>? progress, CancellationToken cancellation)
    {
        content.Position = 0;
        var replica = await _connection.FindReplicaAsync(cancellation);
        try
        {
            using var channel = replica.OpenChannel();
            using var call = new Wire.IntakeService.IntakeServiceClient(channel).ImportResults(_connection.Options(options.Timeout, cancellation));
            await new ImportUpload(call, content, progress) { CreditGiven = _connection.NoteAnswer }.SendAsync(options, cancellation);
            var response = await call.ResponseAsync;
            _connection.NoteAnswer();
            return ImportReports.Read(response);
        }
        catch (RpcException failure)
        {
            throw _connection.Translate(failure, replica, cancellation);
        }
    }

    private static FileStream Open(string file)
    {
        try
        {
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DeliveryClientException(ClientReasons.FileUnreadable, Path.GetFileName(file), cause);
        }
    }
}
