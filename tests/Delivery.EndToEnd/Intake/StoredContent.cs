using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Delivery.EndToEnd.Running;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Log;
using Delivery.Server.Intake;
using Delivery.Server.Storage;
using Microsoft.EntityFrameworkCore;

namespace Delivery.EndToEnd.Intake;

/// <summary>
/// All that a store holds of imports, as text to compare with another's: what each segment holds, opened (the sealed bytes themselves differ by
/// their nonces), every generation with its quality report, the rows set aside, and what the log says was imported.
/// </summary>
internal static class StoredContent
{
    public static string Of(RunningServer server)
    {
        var content = new StringBuilder();
        Segments(server, content);
        server.Get<Store>().Read(db =>
        {
            Line(content, $"segments {db.Set<SegmentRow>().LongCount()} columns {db.Set<SegmentColumnRow>().LongCount()}");
            foreach (var row in db.Set<GenerationRow>().AsNoTracking().OrderBy(row => row.PartitionId).ThenBy(row => row.Generation))
            {
                Line(content, $"generation {row.PartitionId} {row.Generation} {row.State} {row.Rows} {row.VoluntaryRows} {Digest(row.QualityReport)} {Convert.ToHexStringLower(row.QualityDigest)}");
            }

            var imports = db.Set<ImportRow>().AsNoTracking().OrderBy(row => row.ImportId).ToList();
            imports.ForEach(row => Line(content, $"import {row.SourceDeliveryId} {row.State} {Convert.ToHexStringLower(row.FileDigest)}"));
            foreach (var row in db.Set<QuarantineRow>().AsNoTracking().OrderBy(row => row.ImportId).ThenBy(row => row.PartitionId).ThenBy(row => row.Ordinal))
            {
                Line(content, $"set aside {imports.Find(import => import.ImportId == row.ImportId)?.SourceDeliveryId} {row.PartitionId} {row.Ordinal} {row.Rows} {Digest(row.Findings)} {row.Sealed.Length > 0}");
            }

            return true;
        });
        foreach (var leaf in server.Leaves().Where(leaf => leaf.Type == LeafType.ResultsImported))
        {
            Line(content, $"leaf {leaf.Text("source_delivery_id")} {leaf.Text("partition_code")} {leaf.Number("generation")} {leaf.Text("quality_report_digest")}");
        }

        return content.ToString();
    }

    private static void Segments(RunningServer server, StringBuilder content)
    {
        var segments = server.Get<Store>().Read(db => db.Set<PartitionRow>().AsNoTracking().Where(row => row.CurrentGeneration > 0)
            .Join(db.Set<SegmentRow>(), row => new { row.PartitionId, Generation = row.CurrentGeneration }, segment => new { segment.PartitionId, segment.Generation }, (_, segment) => segment)
            .OrderBy(segment => segment.PartitionId).ThenBy(segment => segment.Ordinal)
            .AsEnumerable()
            .Select(segment => PartitionStore.Place(segment, PartitionKey.TryFromId(segment.PartitionId, out var key) ? key : default))
            .ToList());
        using var reader = new SegmentReader(server.Get<Store>(), server.Get<PartitionKeys>());
        foreach (var segment in segments)
        {
            var columns = Enum.GetValues<StoredColumn>().Where(segment.Holds).Select(column => Digest(reader.Read(segment, column).Values));
            Line(content, $"{segment.Partition} {segment.Generation} {segment.Ordinal} {segment.Rows} {segment.WithheldRows} {string.Join(' ', columns)}");
        }
    }

    private static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static void Line(StringBuilder content, FormattableString line) => content.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
