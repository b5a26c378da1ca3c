using Delivery.Protocol.Domain;
using Delivery.Protocol.Log;
using Delivery.Protocol.Sealing;
using Delivery.Server.Storage;

namespace Delivery.Server.Intake;

/// <summary>What one import brings into one partition: its next generation, rules, counts, and the segment being filled. One thread.</summary>
internal sealed class PartitionIntake(PartitionKey partition, long generation, DataKey key, CprPolicy policy)
{
    private readonly RowRules _rules = new(partition, policy);
    private readonly HashSet<CprNumber> _pupils = [];
    private SegmentBuffer _buffer = new();
    private int _segments;

    public PartitionKey Partition => partition;

    public long Generation => generation;

    public DataKey Key => key;

    /// <summary>Rows waiting for the next segment.</summary>
    public int BufferedRows => _buffer.Rows;

    public long AcceptedRows { get; private set; }

    public long RejectedRows { get; private set; }

    public long VoluntaryRows { get; private set; }

    public FindingCounts Findings { get; } = new();

    /// <summary>Judges a row and keeps it unless a rule of severity Error speaks against it. Returns everything found.</summary>
    public RowFindings Add(in ResultRow row, RowFindings read, long rowNumber)
    {
        // A row that could not be read has no values to judge.
        var findings = read == RowFindings.None ? _rules.Check(row) : read;
        if ((findings & RowCodes.Errors) == 0 && !_pupils.Add(row.Cpr))
        {
            findings |= RowFindings.CprDuplicate;
        }

        Findings.Count(findings, rowNumber);
        if ((findings & RowCodes.Errors) != 0)
        {
            RejectedRows++;
            return findings;
        }

        _buffer.Add(row, partition.SchoolYear);
        AcceptedRows++;
        VoluntaryRows += row.Obligation == Obligation.Voluntary ? 1 : 0;
        return findings;
    }

    /// <summary>Hands over the rows collected, to be sealed and stored, and starts the next segment.</summary>
    public (SegmentPlace Place, SegmentBuffer Buffer) TakeSegment()
    {
        var full = _buffer;
        _buffer = new SegmentBuffer();
        return (new SegmentPlace(0, partition, generation, _segments++, full.Rows, full.WithheldRows, 0), full);
    }

    /// <summary>The quality report of the generation, restricted canonical JSON: counts and codes, never a value.</summary>
    public byte[] QualityReport(string sourceDeliveryId) => CanonicalJson.Write(new JsonObject(
        new("findings", new JsonArray([.. Findings.All().Select(found => new JsonObject(
            new("code", new JsonText(found.Code.Reason.Code)),
            new("row_count", new JsonInteger(found.Rows))))])),
        new("generation", new JsonInteger(generation)),
        new("partition", new JsonText(partition.ToString())),
        new("rejected_row_count", new JsonInteger(RejectedRows)),
        new("row_count", new JsonInteger(AcceptedRows)),
        new("source_delivery_id", new JsonText(sourceDeliveryId)),
        new("voluntary_row_count", new JsonInteger(VoluntaryRows))));
}
