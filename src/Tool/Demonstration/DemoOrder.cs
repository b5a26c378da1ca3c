namespace Delivery.Tool.Demonstration;

/// <summary>What to demonstrate.</summary>
/// <param name="Rows">How many made-up results.</param>
/// <param name="VoluntaryShare">Share of them from voluntary tests, 0 to 1.</param>
/// <param name="IsWidest">Deliver everything that may be delivered, rather than a usual project's part.</param>
internal sealed record DemoOrder(long Rows, double VoluntaryShare, bool IsWidest);

/// <summary>What came of it; every check held, or there is no report.</summary>
/// <param name="RowsImported">Rows the server stored.</param>
/// <param name="VoluntaryRows">Rows among them that never leave.</param>
/// <param name="RowsDelivered">Rows that were delivered.</param>
/// <param name="SealedBytes">Sealed bytes received.</param>
/// <param name="BytesPerRow">Sealed bytes for each row.</param>
/// <param name="SynthSeconds">Making the rows.</param>
/// <param name="ImportSeconds">Importing them.</param>
/// <param name="PullSeconds">Fetching, opening, pseudonymising, writing and proving.</param>
/// <param name="LogSize">Leaves in the transfer log at the end.</param>
/// <param name="ProofVerified">The proofs of extract and deletion held, and the whole log was recomputed.</param>
/// <param name="ProjectState">Where the project stood at the end.</param>
/// <param name="RefusedAfterClose">A further pull was refused.</param>
/// <param name="RefusalCode">With this code.</param>
/// <param name="OutputFile">The first file delivered.</param>
/// <param name="OutputFiles">Every file delivered.</param>
/// <param name="OutputKept">Whether the files are still there.</param>
/// <param name="LogExport">Folder of the log as C2SP tlog-tiles; null when nothing is kept.</param>
/// <param name="PeakWorkingSetBytes">Most memory of the whole process, server and client together.</param>
/// <param name="PeakManagedHeapBytes">Largest managed heap seen.</param>
internal sealed record DemoReport(
    long RowsImported,
    long VoluntaryRows,
    long RowsDelivered,
    long SealedBytes,
    double BytesPerRow,
    double SynthSeconds,
    double ImportSeconds,
    double PullSeconds,
    long LogSize,
    bool ProofVerified,
    string ProjectState,
    bool RefusedAfterClose,
    string RefusalCode,
    string OutputFile,
    IReadOnlyList<string> OutputFiles,
    bool OutputKept,
    string? LogExport,
    long PeakWorkingSetBytes,
    long PeakManagedHeapBytes);
