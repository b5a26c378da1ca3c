using Delivery.Protocol.Domain;
using Delivery.Server.Refusals;

namespace Delivery.Server.Intake;

/// <summary>One row as it was read, without its values.</summary>
/// <param name="Line">Its line in the block, from 0.</param>
/// <param name="PartitionId">The partition it belongs to; 0 if its columns name none.</param>
/// <param name="Findings">What the row itself gives rise to; whether the pupil was met before is for the partition to say.</param>
/// <param name="Pupil">The pupil, as <see cref="PupilSet.KeyOf"/> writes one; only where nothing speaks against the row.</param>
/// <param name="TextStart">Where its text begins in the block.</param>
/// <param name="TextLength">Bytes of its text.</param>
internal readonly record struct JudgedRow(int Line, int PartitionId, RowFindings Findings, ulong Pupil, int TextStart, int TextLength)
{
    public bool IsSound => (Findings & RowCodes.Errors) == 0;
}

/// <summary>
/// What the lines of a block came to: every row in order, and the values of the sound ones column by column. One thread at a time owns it; it is
/// used again for other blocks.
/// </summary>
internal sealed class JudgedBlock
{
    public List<JudgedRow> Rows { get; } = [];

    /// <summary>The values of the rows that are sound by themselves, in order.</summary>
    public SegmentBuffer Values { get; } = new();

    /// <summary>Number of the first line; the one after the header is 1.</summary>
    public long FirstRow { get; set; }

    /// <summary>The rows as they stood in the file; null where the file was no text.</summary>
    public TextBlock? Text { get; set; }

    /// <summary>What is wrong with the file after the rows given here; null if nothing is.</summary>
    public RefusedException? Refusal { get; set; }

    public void Clear()
    {
        Rows.Clear();
        Values.Clear();
        Text?.Dispose();
        (Text, Refusal, FirstRow) = (null, null, 0);
    }
}
