using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Errata;

namespace Delivery.Protocol.Documentation;

/// <summary>
/// What is to be known of exactly what one project has, or can have: the source of every form its documentation is written in. Labels, values
/// and warnings are those of the catalogue that the extract's Arrow schema is made of, too. Immutable.
/// </summary>
internal sealed record Codebook
{
    public required string ProjectId { get; init; }

    public required int ApprovalVersion { get; init; }

    /// <summary>STIL's case.</summary>
    public required string CaseNumber { get; init; }

    public required string ControllerName { get; init; }

    public required string ControllerCvr { get; init; }

    public required string DstProjectNumber { get; init; }

    public required DateOnly PeriodFrom { get; init; }

    public required DateOnly PeriodTo { get; init; }

    public required DateOnly DeletionDue { get; init; }

    /// <summary>The day it describes.</summary>
    public required DateOnly MadeOn { get; init; }

    public required IReadOnlyList<ComparabilityWarning> Warnings { get; init; }

    /// <summary>One for each programme.</summary>
    public required IReadOnlyList<CodebookData> Data { get; init; }
}

/// <summary>The data of one programme.</summary>
/// <param name="Programme">The programme.</param>
/// <param name="ExtractId">The newest extract, or the one that would be made now.</param>
/// <param name="IsDelivered">Whether that extract was opened, so that the imports below are those it read.</param>
/// <param name="Columns">The columns, in order.</param>
/// <param name="Partitions">The tests and years, in key order.</param>
/// <param name="Errata">What concerns them today, in the order of registration.</param>
internal sealed record CodebookData(
    Programme Programme,
    string ExtractId,
    bool IsDelivered,
    IReadOnlyList<Variable> Columns,
    IReadOnlyList<CodebookPartition> Partitions,
    IReadOnlyList<CodebookErratum> Errata)
{
    public IReadOnlyList<PartitionKey> Keys => [.. Partitions.Select(partition => partition.Partition)];

    public IReadOnlyList<TestCode> Tests => [.. Keys.Select(key => key.TestCode).Distinct().Order()];

    /// <summary>The tests and years in which a column can have values.</summary>
    public IReadOnlyList<PartitionKey> With(Variable column) => [.. Keys.Where(key => column.In(key) >= Availability.AbsentAllowed)];
}

/// <summary>One test and year as imported.</summary>
/// <param name="Partition">The test and year.</param>
/// <param name="Generation">The import, from 1; 0 where nothing was imported.</param>
/// <param name="Quality">What its quality report says; null where nothing was imported.</param>
internal sealed record CodebookPartition(PartitionKey Partition, long Generation, QualityDocument? Quality);

/// <summary>An erratum that concerns the data.</summary>
/// <param name="Erratum">The erratum.</param>
/// <param name="Hits">What of the data it concerns.</param>
/// <param name="LogIndex">Index of its leaf.</param>
internal sealed record CodebookErratum(Erratum Erratum, IReadOnlyList<ErratumHit> Hits, long LogIndex);
