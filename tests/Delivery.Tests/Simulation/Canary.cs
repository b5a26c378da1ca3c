namespace Delivery.Tests.Simulation;

/// <summary>A bug planted on purpose. A checker that misses one of them proves nothing by its silence.</summary>
internal enum Canary
{
    None,

    /// <summary>Bytes leave when the range is written, before it is committed.</summary>
    AnswerBeforeCommit,

    /// <summary>The start does not compare the log with the pin.</summary>
    SkipPinCheck,

    /// <summary>The head is set back by one, so that the next leaf takes an index that was given already.</summary>
    ReuseIndex,

    /// <summary>A checkpoint is signed and given away inside the transaction it covers.</summary>
    SignUncommitted,

    /// <summary>Bytes leave before their range is released.</summary>
    ReleaseAfterBytes,

    /// <summary>The start does not end the calls that a crash cut.</summary>
    SkipRecovery,
}
