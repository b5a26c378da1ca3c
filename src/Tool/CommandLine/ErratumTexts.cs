using System.Globalization;
using Delivery.Client.Errata;
using Delivery.Protocol.Domain.Errata;

namespace Delivery.Tool.CommandLine;

/// <summary>Errata as the commands write them.</summary>
internal static class ErratumTexts
{
    /// <summary>What an erratum says, as JSON writes it.</summary>
    public static object Document(Erratum erratum) => new
    {
        erratum.Id,
        Severity = erratum.Severity.Code(),
        Partitions = erratum.Partitions.Select(named => new { Partition = named.Partition.ToString(), named.LastGeneration }),
        Columns = erratum.Columns.ToList().Select(column => column.Code),
        TextDa = erratum.Text.Danish,
        TextEn = erratum.Text.English,
    };

    /// <summary>An erratum as it stands, as JSON writes it.</summary>
    public static object Document(RegisteredErratum known) => new
    {
        Erratum = Document(known.Erratum),
        known.RegisteredAt,
        known.LogIndex,
        known.DocumentSha256,
        Withdrawal = known.Withdrawal is { } end ? new { ReasonDa = end.Reason.Danish, ReasonEn = end.Reason.English, end.WithdrawnAt, end.LogIndex } : null,
    };

    /// <summary>Where it reaches, in short.</summary>
    public static string Reach(Erratum erratum)
    {
        var years = erratum.Partitions.Select(named => named.Partition.SchoolYear).Distinct().Order().ToList();
        var tests = erratum.Partitions.Select(named => named.Partition.TestCode).Distinct().Order();
        return $"{string.Join(' ', tests)} {years[0].ShortText}{(years.Count > 1 ? "–" + years[^1].ShortText : "")}";
    }

    /// <summary>The columns, or that it is the whole row.</summary>
    public static string Columns(Erratum erratum) =>
        erratum.Columns.Count == 0 ? "every column" : string.Join(' ', erratum.Columns.ToList().Select(column => column.Code));

    /// <summary>One delivery on a line.</summary>
    public static string Line(AffectedDelivery delivery)
    {
        var what = string.Join(' ', delivery.Partitions.Select(partition => string.Create(CultureInfo.InvariantCulture, $"{partition.Partition}@{partition.Generation}")));
        return $"{delivery.ProjectId}  {(delivery.HoldingId.Length > 0 ? delivery.HoldingId : delivery.ExtractId)}  {delivery.State}  {(delivery.IsCarried ? "told with it" : "not told with it")}  {what}";
    }
}
