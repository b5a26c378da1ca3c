using Delivery.Protocol.Domain;
using Delivery.Protocol.Sealing;
using Delivery.Server.Storage;

namespace Delivery.Server.Intake;

/// <summary>What one import brings into one partition: its next generation, counts, the pupils met, and the segment being filled. One thread.</summary>
internal sealed class PartitionIntake(long importId, PartitionKey partition, long generation, DataKey key)
{
    private readonly PupilSet _pupils = new();
    private SegmentBuffer _buffer = new();
    private int _segments;

    public PartitionKey Partition => partition;

    public long Generation => generation;

    public DataKey Key => key;

    /// <summary>Rows set aside.</summary>
    public Quarantine Quarantine { get; } = new(importId, partition.Id, key);

    /// <summary>Rows waiting for the next segment.</summary>
    public int BufferedRows => _buffer.Rows;

    public long AcceptedRows => _pupils.Count;

    public long RejectedRows { get; private set; }

    public long VoluntaryRows { get; private set; }

    public FindingCounts Findings { get; } = new();

    /// <summary>Counts a row that was read and judged by itself. Returns everything found: its values are kept by <see cref="Take"/> unless that is an error.</summary>
    public RowFindings Meet(in JudgedRow row, long rowNumber)
    {
        var findings = row.IsSound && !_pupils.Add(row.Pupil) ? row.Findings | RowFindings.CprDuplicate : row.Findings;
        Findings.Count(findings, rowNumber);
        RejectedRows += (findings & RowCodes.Errors) == 0 ? 0 : 1;
        return findings;
    }

    /// <summary>Keeps the values of rows that were met and are sound.</summary>
    public void Take(SegmentBuffer values, int start, int count)
    {
        var before = _buffer.VoluntaryRows;
        _buffer.Append(values, start, count, partition.SchoolYear);
        VoluntaryRows += _buffer.VoluntaryRows - before;
    }

    /// <summary>Hands over the rows collected, to be sealed and stored, and starts the next segment.</summary>
    public (SegmentPlace Place, SegmentBuffer Buffer) TakeSegment()
    {
        var full = _buffer;
        _buffer = new SegmentBuffer();
        return (new SegmentPlace(0, partition, generation, _segments++, full.Rows, full.WithheldRows, 0), full);
    }

    /// <summary>The quality report of the generation.</summary>
    public byte[] QualityReport(string sourceDeliveryId) => new QualityDocument(
        partition.ToString(),
        generation,
        sourceDeliveryId,
        AcceptedRows,
        RejectedRows,
        VoluntaryRows,
        [.. Findings.All().Select(found => (found.Code.Reason.Code, found.Rows))]).Write();
}
