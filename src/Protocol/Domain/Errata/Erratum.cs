namespace Delivery.Protocol.Domain.Errata;

/// <summary>How much an erratum weighs.</summary>
public enum ErratumSeverity
{
    /// <summary>Not given; refused on input.</summary>
    Unspecified = 0,

    /// <summary>The values are right; whoever uses them must know something.</summary>
    Caveat = 1,

    /// <summary>Values are wrong.</summary>
    Fault = 2,
}

/// <summary>Names of severities and what they say.</summary>
public static class ErratumSeverities
{
    /// <summary>The name in documents and logs, <c>CAVEAT</c> or <c>FAULT</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">For <see cref="ErratumSeverity.Unspecified"/>.</exception>
    public static string Code(this ErratumSeverity severity) => severity switch
    {
        ErratumSeverity.Caveat => "CAVEAT",
        ErratumSeverity.Fault => "FAULT",
        ErratumSeverity.Unspecified => throw new ArgumentOutOfRangeException(nameof(severity)),
    };

    /// <summary>The name for people.</summary>
    /// <exception cref="ArgumentOutOfRangeException">For <see cref="ErratumSeverity.Unspecified"/>.</exception>
    public static Bilingual Label(this ErratumSeverity severity) => severity switch
    {
        ErratumSeverity.Caveat => new("Forbehold", "Caveat"),
        ErratumSeverity.Fault => new("Fejl", "Fault"),
        ErratumSeverity.Unspecified => throw new ArgumentOutOfRangeException(nameof(severity)),
    };
}

/// <summary>One test and year an erratum concerns.</summary>
/// <param name="Partition">The test and year.</param>
/// <param name="LastGeneration">The last import it concerns, counted from 1; null when it concerns every import, later ones too.</param>
public sealed record ErratumPartition(PartitionKey Partition, long? LastGeneration);

/// <summary>What an erratum says about one test and year that somebody received.</summary>
/// <param name="Partition">The test and year.</param>
/// <param name="Generation">The import it was read from; 0 where no record tells.</param>
/// <param name="Columns">The columns concerned, in column order.</param>
public sealed record ErratumHit(PartitionKey Partition, long Generation, VariableSet Columns);

/// <summary>
/// A caveat or a fault STIL has registered. Immutable: what it concerns was worked out once, and is the same rule for what it travels with
/// and for whom it concerns afterwards.
/// </summary>
/// <param name="Id">STIL's own name for it.</param>
/// <param name="Severity">How much it weighs.</param>
/// <param name="Partitions">The tests and years, in key order.</param>
/// <param name="Columns">The columns; empty for the whole row.</param>
/// <param name="Text">What is to be known. Names no person and no school.</param>
public sealed record Erratum(string Id, ErratumSeverity Severity, IReadOnlyList<ErratumPartition> Partitions, VariableSet Columns, Bilingual Text)
{
    /// <summary>True when that import of that test and year is concerned. An import nobody recorded (0) is concerned wherever the test is.</summary>
    public bool Concerns(PartitionKey partition, long generation) =>
        Partitions.Any(named => named.Partition == partition && (named.LastGeneration is not { } last || generation <= last));

    /// <summary>What of a delivery it concerns; empty when nothing.</summary>
    /// <param name="scope">What was, or will be, delivered.</param>
    /// <param name="received">The tests and years read, each with its import.</param>
    public IReadOnlyList<ErratumHit> In(Scope scope, IEnumerable<(PartitionKey Partition, long Generation)> received)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return
        [
            .. from read in received
               where Concerns(read.Partition, read.Generation)
               let readable = scope.ReadableIn(read.Partition)
               let columns = Columns.Count == 0 ? readable : readable.And(Columns)
               where columns.Count > 0
               select new ErratumHit(read.Partition, read.Generation, columns),
        ];
    }
}
