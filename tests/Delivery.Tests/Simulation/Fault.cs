namespace Delivery.Tests.Simulation;

/// <summary>What goes wrong at a commit.</summary>
internal enum Fault
{
    None,

    /// <summary>The process dies before the commit: what it wrote is gone.</summary>
    CrashBeforeCommit,

    /// <summary>The process dies after the commit and before anyone is answered.</summary>
    CrashAfterCommit,

    /// <summary>The commit is on disk, but the database reports an error, and the process lives on.</summary>
    OutcomeUnknown,
}
