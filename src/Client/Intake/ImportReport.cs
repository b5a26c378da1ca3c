using Delivery.Protocol.Domain;

namespace Delivery.Client.Intake;

/// <summary>What an import did.</summary>
/// <param name="SourceDeliveryId">The delivery it reports on.</param>
/// <param name="AcceptedRows">Rows stored.</param>
/// <param name="RejectedRows">Rows refused by an error rule; they are not stored.</param>
/// <param name="WarnedRows">Rows stored with at least one warning.</param>
/// <param name="VoluntaryRows">Rows stored that stem from voluntary tests; they never leave.</param>
/// <param name="Findings">Counts by rule, errors first.</param>
/// <param name="Partitions">The partitions the import replaced.</param>
/// <param name="AlreadyImported">True if this delivery had been imported before and nothing was changed now.</param>
public sealed record ImportReport(
    string SourceDeliveryId,
    long AcceptedRows,
    long RejectedRows,
    long WarnedRows,
    long VoluntaryRows,
    IReadOnlyList<ImportFinding> Findings,
    IReadOnlyList<ImportedPartition> Partitions,
    bool AlreadyImported);

/// <summary>How often one rule was hit.</summary>
/// <param name="Code">Rule code, for example <c>W_CPR_AGE</c>.</param>
/// <param name="Severity">How serious it is.</param>
/// <param name="Rows">Rows hit.</param>
/// <param name="FirstRowNumbers">The first rows hit, the line after the header being 1; at most ten.</param>
/// <param name="Text">What the rule says.</param>
public sealed record ImportFinding(string Code, Severity Severity, long Rows, IReadOnlyList<long> FirstRowNumbers, Bilingual Text);

/// <summary>One partition after an import.</summary>
/// <param name="Partition">For example <c>NT-DAN-2-2014</c>.</param>
/// <param name="Generation">The generation it stands at now, from 1.</param>
/// <param name="Rows">Rows stored in it.</param>
/// <param name="LogIndex">Index of its leaf in the transfer log.</param>
public sealed record ImportedPartition(string Partition, long Generation, long Rows, long LogIndex);
