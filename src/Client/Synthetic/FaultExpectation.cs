using Delivery.Protocol.Domain;

namespace Delivery.Client.Synthetic;

/// <summary>What a server must find in a file with seeded faults: in all, and in each partition. Filled while the file is written.</summary>
public sealed class FaultExpectation
{
    private readonly SortedDictionary<string, ExpectedCounts> _partitions = new(StringComparer.Ordinal);

    /// <summary>The whole file, rows that name no test there is included.</summary>
    public ExpectedCounts Total { get; } = new();

    /// <summary>Rows that were made faulty; the other findings are such as made-up results have anyhow.</summary>
    public long Faults { get; private set; }

    /// <summary>By partition, for example <c>NT-DAN-2-2014</c>.</summary>
    public IReadOnlyDictionary<string, ExpectedCounts> Partitions => _partitions;

    internal void Count(PartitionKey partition, RowFindings findings, bool isFault)
    {
        Total.Count(findings);
        Faults += isFault ? 1 : 0;
        if ((findings & RowFindings.TestUnknown) != 0)
        {
            return;
        }

        var code = partition.ToString();
        if (!_partitions.TryGetValue(code, out var counts))
        {
            _partitions.Add(code, counts = new ExpectedCounts());
        }

        counts.Count(findings);
    }
}

/// <summary>Counts that must be found.</summary>
public sealed class ExpectedCounts
{
    private readonly SortedDictionary<string, long> _findings = new(StringComparer.Ordinal);

    /// <summary>Rows stored.</summary>
    public long AcceptedRows { get; private set; }

    /// <summary>Rows set aside.</summary>
    public long RejectedRows { get; private set; }

    /// <summary>Rows by code.</summary>
    public IReadOnlyDictionary<string, long> Findings => _findings;

    internal void Count(RowFindings findings)
    {
        var isRejected = (findings & RowCodes.Errors) != 0;
        RejectedRows += isRejected ? 1 : 0;
        AcceptedRows += isRejected ? 0 : 1;
        foreach (var code in RowCodes.In(findings))
        {
            _findings[code.Reason.Code] = _findings.GetValueOrDefault(code.Reason.Code) + 1;
        }
    }
}
