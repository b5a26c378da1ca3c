using System.Globalization;
using Delivery.Protocol.Documentation;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Errata;
using Delivery.Server.Approvals;
using Delivery.Server.Catalogue;
using Delivery.Server.Extracts;
using Delivery.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Delivery.Server.Documentation;

/// <summary>A codebook with the schema of each extract it describes.</summary>
internal sealed record DocumentedProject(Codebook Book, IReadOnlyList<byte[]> Schemas);

/// <summary>
/// Puts a project's codebook together from the approval in force, the imports its newest extracts read, and the errata that hold today. Reads no
/// row of results. One state of the database; one use.
/// </summary>
internal sealed class CodebookSource(DeliveryDb db, ApprovedProject project, DateOnly today)
{
    private readonly Scope _scope = project.Approval.Scope;

    /// <summary>The codebook as of today.</summary>
    public DocumentedProject Read()
    {
        var approval = project.Approval;
        var data = _scope.Programmes.Select(Of).ToList();
        var book = new Codebook
        {
            ProjectId = project.Row.ProjectId,
            ApprovalVersion = project.Row.Version,
            CaseNumber = approval.StilCaseNumber,
            ControllerName = approval.Controller!.Name,
            ControllerCvr = project.Row.ControllerCvr,
            DstProjectNumber = approval.Recipient.DstProjectNumber,
            PeriodFrom = approval.Period!.From,
            PeriodTo = approval.Period.To,
            DeletionDue = IsoDay.Read(project.Row.DeletionDue),
            MadeOn = today,
            Warnings = ComparabilityRules.For(_scope),
            Data = [.. data.Select(entry => entry.Data)],
        };
        return new DocumentedProject(book, [.. data.Select(entry => entry.Schema)]);
    }

    private (CodebookData Data, byte[] Schema) Of(Programme programme)
    {
        var extract = Newest(programme);
        var read = extract is null ? [] : db.Set<GenerationUseRow>().AsNoTracking().Where(row => row.Holder == extract.ExtractId).ToDictionary(row => row.PartitionId, row => row.Generation);
        var isDelivered = read.Count > 0;
        var generations = isDelivered ? read : db.Set<PartitionRow>().AsNoTracking().ToDictionary(row => row.PartitionId, row => row.CurrentGeneration);
        var partitions = _scope.PartitionsOf(programme).Select(partition => Partition(partition, generations.GetValueOrDefault(partition.Id))).ToList();
        var received = partitions.Where(partition => partition.Generation > 0).Select(partition => (partition.Partition, partition.Generation)).ToList();
        var scope = _scope.RestrictedTo(programme);
        var carried = isDelivered
            ? ErratumDesk.Carried(db, db.Set<ExtractErratumRow>().Where(row => row.ExtractId == extract!.ExtractId).Select(row => row.ErratumId).ToHashSet(StringComparer.Ordinal), scope, received)
            : ErratumDesk.Concerning(db, scope, received);
        var data = new CodebookData(
            programme,
            extract?.ExtractId ?? $"{project.Row.ProjectId}-V{project.Row.Version.ToString(CultureInfo.InvariantCulture)}-{programme.Code()}-1",
            isDelivered,
            _scope.ColumnsOf(programme),
            partitions,
            [.. ErratumDesk.All(db).Where(known => known.Withdrawal is null).Select(known => Erratum(known, scope, received)).OfType<CodebookErratum>()]);
        return (data, new ExtractSchema(_scope, programme, carried).Message);
    }

    // The number at the end of an id counts from 1, so the longest and then greatest id is the newest.
    private ExtractRow? Newest(Programme programme) => db.Set<ExtractRow>().AsNoTracking()
        .Where(row => row.ProjectId == project.Row.ProjectId && row.ApprovalVersion == project.Row.Version && row.Programme == (int)programme && row.State != ExtractState.Abandoned)
        .AsEnumerable().OrderBy(row => row.ExtractId.Length).ThenBy(row => row.ExtractId, StringComparer.Ordinal).LastOrDefault();

    private CodebookPartition Partition(PartitionKey partition, long generation)
    {
        var row = generation == 0 ? null : db.Set<GenerationRow>().AsNoTracking().FirstOrDefault(row => row.PartitionId == partition.Id && row.Generation == generation);
        return new CodebookPartition(partition, generation, row is null ? null : QualityDocument.Read(row.QualityReport));
    }

    private static CodebookErratum? Erratum(RegisteredErratum known, Scope scope, IReadOnlyList<(PartitionKey, long)> received) =>
        known.Erratum.In(scope, received) is { Count: > 0 } hits ? new CodebookErratum(known.Erratum, hits, known.Row.LogIndex) : null;
}
