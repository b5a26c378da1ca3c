using Delivery.Protocol.Domain;
using Delivery.Protocol.Domain.Errata;

namespace Delivery.Client.Extracts;

/// <summary>One finished pull: the output stands, its proof held, and the server has the receipt.</summary>
/// <param name="ExtractId">The extract.</param>
/// <param name="Programme">Its programme.</param>
/// <param name="Rows">Rows delivered.</param>
/// <param name="Batches">Batches delivered.</param>
/// <param name="SealedBytes">Sealed bytes received, repeated ones and those of interrupted pulls included.</param>
/// <param name="OutputFile">The pseudonymised file.</param>
/// <param name="OutputSha256">SHA-256 of the file, lower-case hexadecimal.</param>
/// <param name="HoldingId">The holding it created: what must be confirmed deleted later.</param>
/// <param name="DeletionDue">Day by which it must be gone.</param>
/// <param name="LogIndex">Index of the leaf <c>extract.completed</c> in the transfer log.</param>
/// <param name="ProofVerified">Always true: a pull whose proof does not hold throws.</param>
/// <param name="Warnings">Comparability reservations to carry on.</param>
/// <param name="ResumedRows">Rows that an interrupted pull had written and this one went on from; 0 if it began anew.</param>
/// <param name="Elapsed">From the first call to the last.</param>
public sealed record PullResult(
    string ExtractId,
    Programme Programme,
    long Rows,
    long Batches,
    long SealedBytes,
    string OutputFile,
    string OutputSha256,
    string HoldingId,
    DateOnly? DeletionDue,
    long LogIndex,
    bool ProofVerified,
    IReadOnlyList<ExtractWarning> Warnings,
    long ResumedRows,
    TimeSpan Elapsed)
{
    /// <summary>What it was made of: every partition with its generation and quality report. Empty when an earlier pull had proven it and this one only placed it.</summary>
    public IReadOnlyList<DeliveredPartition> Partitions { get; init; } = [];

    /// <summary>
    /// Caveats and faults that concern what arrived: those of the schema, then those registered since the extract was first opened. A pull that
    /// only had to finish what an earlier one had proven tells the former.
    /// </summary>
    public IReadOnlyList<Erratum> Errata { get; init; } = [];
}

/// <summary>A comparability reservation that travels with the data.</summary>
/// <param name="Code">C1 to C9.</param>
/// <param name="Text">Its text.</param>
public sealed record ExtractWarning(string Code, Bilingual Text);

/// <summary>What was proven about an extract that arrived whole.</summary>
/// <param name="Rows">Rows in it.</param>
/// <param name="Batches">Batches in it.</param>
/// <param name="SealedBytes">Sealed bytes received, repeated ones included.</param>
/// <param name="ListDigest">Digest over all batches, lower-case hexadecimal.</param>
/// <param name="CallId">The call that completed it, lower-case hexadecimal.</param>
/// <param name="LogIndex">Index of the leaf <c>extract.completed</c>.</param>
/// <param name="LogLeaf">The leaf's exact bytes.</param>
/// <param name="LogProof">Its C2SP tlog-proof.</param>
public sealed record ExtractProof(
    long Rows, long Batches, long SealedBytes, string ListDigest, string CallId, long LogIndex, ReadOnlyMemory<byte> LogLeaf, ReadOnlyMemory<byte> LogProof)
{
    /// <summary>What it was made of: every partition with its generation and quality report.</summary>
    public IReadOnlyList<DeliveredPartition> Partitions { get; init; } = [];

    /// <summary>Caveats and faults registered after the extract was first opened; the others are in <see cref="ExtractInfo.Errata"/>.</summary>
    public IReadOnlyList<Erratum> LaterErrata { get; init; } = [];
}

/// <summary>The server's answer to a receipt.</summary>
/// <param name="HoldingId">The holding it created.</param>
/// <param name="DeletionDue">Day by which deletion is due.</param>
/// <param name="LogIndex">Index of the receipt's leaf.</param>
public sealed record ExtractReceipt(string HoldingId, DateOnly? DeletionDue, long LogIndex);

/// <summary>A registered recipient key.</summary>
/// <param name="KeyId">Its id, lower-case hexadecimal.</param>
/// <param name="LogIndex">Index of its leaf; the first one's if it was registered before.</param>
public sealed record RegisteredKey(string KeyId, long LogIndex);
