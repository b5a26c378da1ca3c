using Delivery.Protocol.Domain;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;
using Google.Protobuf;
using Microsoft.EntityFrameworkCore;

namespace Delivery.Server.Intake;

/// <summary>What is known about results that were brought in: quality reports, rows set aside, and the generations of a partition. Reads no value.</summary>
internal sealed class ImportedQuality(Store store)
{
    private const int PageRows = 1_000, PageRowsMax = 10_000;

    public GetQualityReportResponse Reports(GetQualityReportRequest request) => store.Read(db =>
    {
        var generations = db.Set<GenerationRow>().AsNoTracking();
        var found = request.Partition.Length > 0
            ? [Generation(db, request.Partition, request.Generation)]
            : request.Generation == 0 ? generations.Where(row => row.State == GenerationState.Current).OrderBy(row => row.PartitionId).ToList()
            : throw RefusedException.By("E_FIELD_FORMAT", "generation");
        var deliveries = Deliveries(db);
        return new GetQualityReportResponse { Reports = { found.Select(row => Report(row, deliveries[row.ImportId])) } };
    });

    public ListRejectedRowsResponse RejectedRows(ListRejectedRowsRequest request) => store.Read(db =>
    {
        var wanted = request.PageSize == 0 ? PageRows : request.PageSize;
        if (wanted is < 1 or > PageRowsMax || request.AfterRowNumber < 0)
        {
            throw RefusedException.By("E_FIELD_FORMAT", request.AfterRowNumber < 0 ? "after_row_number" : "page_size");
        }

        var code = request.Code.Length == 0 ? RowCodes.Errors | RowCodes.Warnings : Finding(request.Code);
        var rows = SetAside(db, request)
            .SelectMany(Quarantine.Read)
            .Where(row => row.RowNumber > request.AfterRowNumber && (row.Findings & code) != 0)
            .OrderBy(row => row.RowNumber)
            .Take(wanted + 1)
            .ToList();
        return new ListRejectedRowsResponse { Rows = { rows.Take(wanted).Select(Message) }, HasMore = rows.Count > wanted };
    });

    public GetPartitionHistoryResponse History(GetPartitionHistoryRequest request) => store.Read(db =>
    {
        var id = Partition(request.Partition).Id;
        var generations = db.Set<GenerationRow>().AsNoTracking().Where(row => row.PartitionId == id).OrderByDescending(row => row.Generation).ToList();
        var uses = db.Set<GenerationUseRow>().AsNoTracking().Where(row => row.PartitionId == id).ToLookup(row => row.Generation, row => row.Holder);
        var imports = generations.ConvertAll(row => row.ImportId);
        var reports = db.Set<ImportRow>().AsNoTracking().Where(row => imports.Contains(row.ImportId)).ToDictionary(row => row.ImportId);
        using var log = new LogReader(store);
        return new GetPartitionHistoryResponse
        {
            Generations = { generations.Select(row => Message(row, reports[row.ImportId], log, uses[row.Generation])) },
        };
    });

    private static PartitionGeneration Message(GenerationRow row, ImportRow import, LogReader log, IEnumerable<string> extracts)
    {
        var partition = Code(row.PartitionId);
        var imported = ImportResultsResponse.Parser.ParseFrom(import.Report).Partitions.Single(one => one.Partition == partition);
        var leaf = Leaf.Parse(log.Leaf(imported.LogIndex)!.Value.Body);
        return new PartitionGeneration
        {
            Generation = row.Generation,
            State = row.State switch
            {
                GenerationState.Current => "CURRENT",
                GenerationState.Superseded => "SUPERSEDED",
                GenerationState.Removed => "REMOVED",
            },
            ImportTimeMs = leaf.TimestampMs,
            SourceDeliveryId = import.SourceDeliveryId,
            RowCount = row.Rows,
            RejectedRowCount = leaf.Number("rejected_row_count"),
            LogIndex = imported.LogIndex,
            ExtractIds = { extracts.Order(StringComparer.Ordinal) },
        };
    }

    private static QualityReport Report(GenerationRow row, string delivery)
    {
        var document = QualityDocument.Read(row.QualityReport);
        return new QualityReport
        {
            Partition = Code(row.PartitionId),
            Generation = row.Generation,
            SourceDeliveryId = delivery,
            RowCount = row.Rows,
            RejectedRowCount = document.RejectedRows,
            VoluntaryRowCount = row.VoluntaryRows,
            Findings = { document.Findings.Select(finding => Message(ReasonCatalogue.Get(finding.Code), finding.Rows, [])) },
            Document = UnsafeByteOperations.UnsafeWrap(row.QualityReport),
            Digest = UnsafeByteOperations.UnsafeWrap(row.QualityDigest),
        };
    }

    /// <summary>How often a rule was broken, with the first rows that broke it.</summary>
    public static RowFindingCount Message(ReasonCode reason, long rows, IReadOnlyList<long> firstRowNumbers) => new()
    {
        Code = reason.Code,
        Severity = (Protocol.V1.Severity)((int)reason.Severity + 1),
        RowCount = rows,
        FirstRowNumbers = { firstRowNumbers },
        TextDa = reason.Message.Danish,
        TextEn = reason.Message.English,
    };

    private static Protocol.V1.RejectedRow Message(RejectedRow row) => new()
    {
        RowNumber = row.RowNumber,
        Partition = row.PartitionId == 0 ? "" : Code(row.PartitionId),
        Codes = { RowCodes.In(row.Findings).Select(code => code.Reason.Code) },
    };

    private static List<QuarantineRow> SetAside(DeliveryDb db, ListRejectedRowsRequest request)
    {
        // The sealed rows themselves are left where they are.
        var all = db.Set<QuarantineRow>().AsNoTracking().Select(row => new QuarantineRow { ImportId = row.ImportId, PartitionId = row.PartitionId, Findings = row.Findings });
        if (request.SourceDeliveryId.Length > 0)
        {
            var import = db.Set<ImportRow>().AsNoTracking().FirstOrDefault(row => row.SourceDeliveryId == request.SourceDeliveryId && row.State == ImportState.Completed)
                ?? throw RefusedException.By("E_NOT_FOUND", "source_delivery_id");
            var only = request.Partition.Length == 0 ? 0 : Partition(request.Partition).Id;
            return all.Where(row => row.ImportId == import.ImportId && (only == 0 || row.PartitionId == only)).ToList();
        }

        var generation = Generation(db, request.Partition, request.Generation);
        return all.Where(row => row.ImportId == generation.ImportId && row.PartitionId == generation.PartitionId).ToList();
    }

    private static GenerationRow Generation(DeliveryDb db, string partition, long generation)
    {
        var id = Partition(partition).Id;
        return db.Set<GenerationRow>().AsNoTracking()
            .FirstOrDefault(row => row.PartitionId == id && (generation == 0 ? row.State == GenerationState.Current : row.Generation == generation))
            ?? throw RefusedException.By("E_NOT_FOUND", "generation");
    }

    private static RowFindings Finding(string code) =>
        RowCodes.All.FirstOrDefault(known => known.Reason.Code == code)?.Finding ?? throw RefusedException.By("E_FIELD_FORMAT", "code");

    private static PartitionKey Partition(string code) =>
        !PartitionKey.TryParse(code, out var partition) ? throw RefusedException.By("E_FIELD_FORMAT", "partition")
        : TestCatalogue.Contains(partition) ? partition
        : throw RefusedException.By("E_NOT_FOUND", "partition");

    private static string Code(int partitionId) => PartitionKey.TryFromId(partitionId, out var partition) ? partition.ToString() : "";

    private static Dictionary<long, string> Deliveries(DeliveryDb db) =>
        db.Set<ImportRow>().AsNoTracking().Select(row => new { row.ImportId, row.SourceDeliveryId }).ToDictionary(row => row.ImportId, row => row.SourceDeliveryId);
}
