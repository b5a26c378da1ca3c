using Delivery.Client.Refusals;
using Delivery.Protocol.Domain;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Intake;

/// <summary>Reads the server's report on an import.</summary>
internal static class ImportReports
{
    public static ImportReport Read(Wire.ImportResultsResponse response) => new(
        response.SourceDeliveryId,
        response.AcceptedRowCount,
        response.RejectedRowCount,
        response.WarnedRowCount,
        response.VoluntaryRowCount,
        [.. response.Findings.Select(Finding)],
        [.. response.Partitions.Select(partition =>
            new ImportedPartition(partition.Partition, partition.Generation, partition.RowCount, partition.LogIndex))],
        response.AlreadyImported);

    public static ImportFinding Finding(Wire.RowFindingCount finding) => new(
        finding.Code,
        finding.Severity switch
        {
            Wire.Severity.Info => Severity.Information,
            Wire.Severity.Warning => Severity.Warning,
            Wire.Severity.Error => Severity.Error,
            Wire.Severity.Unspecified => throw new DeliveryClientException(ClientReasons.ProtocolBroken, "severity"),
        },
        finding.RowCount,
        [.. finding.FirstRowNumbers],
        new Bilingual(finding.TextDa, finding.TextEn));
}
