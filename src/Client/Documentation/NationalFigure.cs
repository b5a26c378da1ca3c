using Delivery.Client.Refusals;
using Delivery.Protocol.Domain;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Documentation;

/// <summary>Which national figures to count. Empty lists do not restrict.</summary>
public sealed record FigureQuery
{
    /// <summary>The programmes.</summary>
    public IReadOnlyList<Programme> Programmes { get; init; } = [];

    /// <summary>The subjects.</summary>
    public IReadOnlyList<Subject> Subjects { get; init; } = [];

    /// <summary>The grades.</summary>
    public IReadOnlyList<int> Grades { get; init; } = [];

    /// <summary>The school years; naming one that is not published is refused.</summary>
    public IReadOnlyList<SchoolYear> SchoolYears { get; init; } = [];
}

/// <summary>The figures of one test in one school year, whole country. A count that is null is withheld.</summary>
/// <param name="Partition">The test and year.</param>
/// <param name="Generation">The import that was counted.</param>
/// <param name="Variable">What the distribution is over.</param>
/// <param name="Tested">Pupils tested, with and without a result.</param>
/// <param name="Results">Pupils with a result.</param>
/// <param name="Missing">Pupils without one.</param>
/// <param name="Cells">The distribution of pupils with a result; empty when it is withheld.</param>
public sealed record NationalFigure(
    PartitionKey Partition, long Generation, string Variable, long? Tested, long? Results, long? Missing, IReadOnlyList<NationalCell> Cells)
{
    /// <exception cref="DeliveryClientException">The figure is of no test.</exception>
    internal static NationalFigure Read(Wire.NationalFigure figure) => new(
        PartitionKey.TryParse(figure.Partition, out var partition) ? partition : throw new DeliveryClientException(ClientReasons.ProtocolBroken, "partition"),
        figure.Generation,
        figure.Variable,
        figure.HasTestedCount ? figure.TestedCount : null,
        figure.HasResultCount ? figure.ResultCount : null,
        figure.HasMissingCount ? figure.MissingCount : null,
        [.. figure.Cells.Select(cell => new NationalCell(cell.FirstValue, cell.LastValue, new Bilingual(cell.LabelDa, cell.LabelEn), cell.PupilCount, cell.Share))]);
}

/// <summary>One part of a distribution: a value, or neighbours drawn together because one of them has few pupils.</summary>
/// <param name="First">The lowest value.</param>
/// <param name="Last">The highest value.</param>
/// <param name="Label">What it is called.</param>
/// <param name="Pupils">Pupils, at least five.</param>
/// <param name="Share">Their share of the pupils with a result, 0 to 1.</param>
public sealed record NationalCell(int First, int Last, Bilingual Label, long Pupils, double Share);
