namespace Delivery.Client.Intake;

/// <summary>What is known about the quality of one generation of a partition.</summary>
/// <param name="Partition">For example <c>NT-DAN-2-2014</c>.</param>
/// <param name="Generation">The generation, from 1.</param>
/// <param name="SourceDeliveryId">The delivery that brought it.</param>
/// <param name="Rows">Rows stored, voluntary ones included.</param>
/// <param name="RejectedRows">Rows set aside; they are never delivered.</param>
/// <param name="VoluntaryRows">Rows stored that never leave because the test was voluntary.</param>
/// <param name="Findings">Counts by rule, errors first.</param>
/// <param name="Digest">SHA-256 of the report's document, lower-case hexadecimal: what the transfer log holds.</param>
/// <param name="Document">The report's exact bytes, restricted canonical JSON.</param>
public sealed record QualityReport(
    string Partition,
    long Generation,
    string SourceDeliveryId,
    long Rows,
    long RejectedRows,
    long VoluntaryRows,
    IReadOnlyList<ImportFinding> Findings,
    string Digest,
    ReadOnlyMemory<byte> Document);

/// <summary>A row that was set aside: where it stands and what speaks against it, never what it says.</summary>
/// <param name="RowNumber">Its number in the file, the line after the header being 1.</param>
/// <param name="Partition">The partition it names; empty if it names no test there is.</param>
/// <param name="Codes">The codes of everything found.</param>
public sealed record RejectedRow(long RowNumber, string Partition, IReadOnlyList<string> Codes);

/// <summary>Which rows that were set aside are wanted.</summary>
public sealed class RejectedRowsQuery
{
    /// <summary>A partition; null for all of a delivery.</summary>
    public string? Partition { get; init; }

    /// <summary>A generation of the partition; 0 for the one it stands at.</summary>
    public long Generation { get; init; }

    /// <summary>A delivery: also rows that name no test there is.</summary>
    public string? SourceDeliveryId { get; init; }

    /// <summary>Only rows with this rule code; null for all.</summary>
    public string? Code { get; init; }
}

/// <summary>One generation a partition has had.</summary>
/// <param name="Generation">Its number, from 1.</param>
/// <param name="State">CURRENT; SUPERSEDED while an extract still reads it; REMOVED when its rows are gone.</param>
/// <param name="ImportedAt">When it became current.</param>
/// <param name="SourceDeliveryId">The delivery that brought it.</param>
/// <param name="Rows">Rows stored.</param>
/// <param name="RejectedRows">Rows set aside.</param>
/// <param name="LogIndex">Index of its leaf in the transfer log.</param>
/// <param name="ExtractIds">The extracts made of it.</param>
public sealed record PartitionGeneration(
    long Generation, string State, DateTimeOffset ImportedAt, string SourceDeliveryId, long Rows, long RejectedRows, long LogIndex, IReadOnlyList<string> ExtractIds);
