namespace Delivery.Server.TransferLog;

/// <summary>What can be wrong with a log at rest.</summary>
public enum LogFault
{
    /// <summary>SQLite finds the file damaged: cut off, or with pages that contradict each other.</summary>
    DatabaseDamaged,

    /// <summary>An index is missing; what follows it is not looked at.</summary>
    LeafMissing,

    /// <summary>A leaf's stored hash is not that of its bytes.</summary>
    LeafHashDiffers,

    /// <summary>A leaf is of no form, or not in its canonical bytes.</summary>
    LeafMalformed,

    /// <summary>A leaf says another index or another origin than the place it stands in.</summary>
    LeafMisplaced,

    /// <summary>The columns beside a leaf's bytes say something else than the bytes.</summary>
    LeafColumnsDiffer,

    /// <summary>A leaf's time lies before that of the leaf before it.</summary>
    TimeRunsBackwards,

    /// <summary>A full tile is missing, or its hashes or root are not those of its leaves.</summary>
    TileDiffers,

    /// <summary>There are tiles of leaves that do not exist.</summary>
    TileSurplus,

    /// <summary>The head's size, frontier or time is not that of the leaves.</summary>
    HeadDiffers,

    /// <summary>A checkpoint's root is not that of the leaves it covers, or it covers leaves that are not there.</summary>
    CheckpointDiffers,

    /// <summary>A checkpoint's note cannot be read, or its text is not what its row says.</summary>
    CheckpointMalformed,

    /// <summary>A checkpoint is not signed by a key of the policy, or a signature does not hold.</summary>
    CheckpointUnsigned,

    /// <summary>A cosignature is of no checkpoint here, or does not hold.</summary>
    CosignatureWrong,

    /// <summary>The pin file is missing or cannot be read although checkpoints were signed.</summary>
    PinMissing,

    /// <summary>The pin names more leaves than there are, or another root: an older copy of the database, or an altered one.</summary>
    PinContradicts,

    /// <summary>Two calls have one id.</summary>
    CallOpenedTwice,

    /// <summary>A call ended twice, or ended or released without having been opened.</summary>
    CallOutOfTurn,

    /// <summary>A call's ranges leave a gap, or its end counts other batches than were released.</summary>
    RangesDoNotCover,

    /// <summary>A range was released after the project was suspended, withdrawn or closed.</summary>
    ReleasedAfterStop,
}

/// <summary>One thing found wrong.</summary>
/// <param name="Fault">What.</param>
/// <param name="Place">Index of the leaf, or size of the checkpoint, it is about.</param>
public sealed record LogFinding(LogFault Fault, long Place);

/// <summary>What a check of a log at rest came to.</summary>
/// <param name="Origin">The log; empty when it has no leaf.</param>
/// <param name="LogSize">Leaves.</param>
/// <param name="Root">Root recomputed from them, lower-case hexadecimal.</param>
/// <param name="LeafCounts">Leaves of each type.</param>
/// <param name="TileCount">Full tiles compared.</param>
/// <param name="CheckpointCount">Checkpoints compared.</param>
/// <param name="CosignatureCount">Cosignatures compared.</param>
/// <param name="CallCount">Calls for extracts.</param>
/// <param name="OpenCallCount">Calls without an end yet: the server ends them at its next start.</param>
/// <param name="SignaturesChecked">Whether a policy said which keys to believe.</param>
/// <param name="Findings">What is wrong, the first hundred; none means the log is sound.</param>
/// <param name="FindingCount">How many findings there were in all.</param>
public sealed record LogCheckReport(
    string Origin,
    long LogSize,
    string Root,
    IReadOnlyDictionary<string, long> LeafCounts,
    long TileCount,
    long CheckpointCount,
    long CosignatureCount,
    long CallCount,
    long OpenCallCount,
    bool SignaturesChecked,
    IReadOnlyList<LogFinding> Findings,
    long FindingCount);
