namespace Delivery.Client.Log;

/// <summary>One leaf of the transfer log.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Type">What happened, for example <c>extract.completed</c>.</param>
/// <param name="Time">When it was appended.</param>
/// <param name="Json">Its exact text, restricted canonical JSON.</param>
public sealed record LogEntry(long Index, string Type, DateTimeOffset Time, string Json);

/// <summary>What a check of the log against a policy found. Whatever does not hold is thrown, so a report means it held.</summary>
/// <param name="Origin">The log.</param>
/// <param name="LogSize">Leaves the signed checkpoint covers.</param>
/// <param name="Root">Its root, lower-case hexadecimal.</param>
/// <param name="LeavesSeen">Leaves the caller may see.</param>
/// <param name="LeavesProven">Leaves proven to stand in the log: equal to those seen.</param>
/// <param name="IsWhole">True when every leaf was seen and the root was recomputed from them all.</param>
/// <param name="PreviousSize">Size of the checkpoint seen before, which the log was proven to continue; null on first sight.</param>
/// <param name="Witnesses">How many of the policy's witnesses cosigned the checkpoint.</param>
public sealed record LogReport(
    string Origin, long LogSize, string Root, long LeavesSeen, long LeavesProven, bool IsWhole, long? PreviousSize, int Witnesses);

/// <summary>What an offline check of a proof comes to; the tool exits with 0, 1 and 2 for them.</summary>
public enum LogVerdict
{
    /// <summary>The log, as the policy knows it, holds this leaf.</summary>
    Proven = 0,

    /// <summary>The inputs can be read, and they do not prove it.</summary>
    Refuted = 1,

    /// <summary>An input cannot be read, so nothing was decided.</summary>
    Unusable = 2,
}

/// <summary>The outcome of an offline check.</summary>
/// <param name="Verdict">What it comes to.</param>
/// <param name="Reason">Why, a stable name: <c>Proven</c>, <c>LeafNotIncluded</c>, <c>HistoryForked</c> and so on.</param>
/// <param name="Entry">The leaf, when proven.</param>
/// <param name="LogSize">Size of the checkpoint it was proven against, when proven.</param>
public sealed record LogProofOutcome(LogVerdict Verdict, string Reason, LogEntry? Entry, long? LogSize);

/// <summary>A leaf and its proof, which anyone with the policy can check.</summary>
/// <param name="Entry">The leaf.</param>
/// <param name="LogSize">Size of the checkpoint the proof leads to.</param>
/// <param name="Leaf">Its exact bytes.</param>
/// <param name="Proof">C2SP tlog-proof.</param>
public sealed record LogProof(LogEntry Entry, long LogSize, ReadOnlyMemory<byte> Leaf, ReadOnlyMemory<byte> Proof);

/// <summary>A log written to a folder.</summary>
/// <param name="Directory">The folder.</param>
/// <param name="Origin">The log.</param>
/// <param name="LogSize">Leaves in it.</param>
/// <param name="Root">Root over them, lower-case hexadecimal, recomputed and equal to the checkpoint's.</param>
public sealed record LogExport(string Directory, string Origin, long LogSize, string Root);

/// <summary>A checkpoint that was cosigned and taken in by the server.</summary>
/// <param name="Origin">The log.</param>
/// <param name="LogSize">Leaves it covers.</param>
/// <param name="Root">Its root, lower-case hexadecimal.</param>
/// <param name="Witness">Name of the witness.</param>
/// <param name="Time">When it was cosigned.</param>
/// <param name="PreviousSize">Size of the one cosigned before, which it was proven to continue; null for the first.</param>
public sealed record CosignReport(string Origin, long LogSize, string Root, string Witness, DateTimeOffset Time, long? PreviousSize);
