using System.Security.Cryptography;
using Delivery.Client.Extracts;
using Delivery.Client.Refusals;
using Delivery.Protocol.Log;

namespace Delivery.Client.Pulls;

/// <summary>
/// How far a pull is: which extract it takes, how much of it stands in the unfinished output, and what a server is asked for
/// the rest with. No key, no identifier and no result. Immutable.
/// </summary>
internal sealed record PullState
{
    // Rises whenever the output of the same extract changes in a byte: what another program began, this one cannot go on with.
    private const int Version = 1;

    public required string ProjectId { get; init; }

    public required string ExtractId { get; init; }

    public required int ApprovalVersion { get; init; }

    /// <summary>SHA-256 of the extract's schema, lower-case hexadecimal.</summary>
    public required string SchemaFingerprint { get; init; }

    /// <summary>Which pseudonyms stand in the output; empty if the pseudonymiser has no name for them.</summary>
    public required string MappingId { get; init; }

    /// <summary>The first batch that is not in the output.</summary>
    public long NextBatch { get; init; }

    /// <summary>Rows in the output.</summary>
    public long Rows { get; init; }

    /// <summary>The running digest before <see cref="NextBatch"/>, 32 bytes; once proven, the digest over all.</summary>
    public byte[] RunningDigest { get; init; } = new byte[SHA256.HashSizeInBytes];

    /// <summary>Bytes of the output that are on disk; what follows them is cut off.</summary>
    public long OutputBytes { get; init; }

    /// <summary>SHA-256 of those bytes.</summary>
    public byte[] OutputDigest { get; init; } = new byte[SHA256.HashSizeInBytes];

    /// <summary>Sealed bytes received so far, repeated ones included.</summary>
    public long SealedBytes { get; init; }

    /// <summary>Codes of the comparability reservations, with spaces between.</summary>
    public string Warnings { get; init; } = "";

    /// <summary>The call whose trailer was proven, lower-case hexadecimal; empty while the extract is still coming.</summary>
    public string CallId { get; init; } = "";

    /// <summary>Index of the leaf <c>extract.completed</c>, once proven.</summary>
    public long LogIndex { get; init; }

    /// <summary>True when the output is whole and proven, and only its name, its receipt or its report may be missing.</summary>
    public bool IsProven => CallId.Length > 0;

    /// <summary>Where reading goes on; null at the beginning.</summary>
    public ExtractBookmark? Bookmark => NextBatch == 0 ? null : new ExtractBookmark(ExtractId, NextBatch, RunningDigest, Rows);

    /// <summary>What the receipt of a proven extract is written from.</summary>
    public ExtractProof Proof => new(Rows, NextBatch, SealedBytes, Convert.ToHexStringLower(RunningDigest), CallId, LogIndex, default, default);

    public byte[] Encode() => CanonicalJson.Write(new JsonObject(
        new("v", new JsonInteger(Version)),
        new("project_id", new JsonText(ProjectId)),
        new("extract_id", new JsonText(ExtractId)),
        new("approval_version", new JsonInteger(ApprovalVersion)),
        new("schema_fingerprint", new JsonText(SchemaFingerprint)),
        new("mapping_id", new JsonText(MappingId)),
        new("next_batch", new JsonInteger(NextBatch)),
        new("rows", new JsonInteger(Rows)),
        new("running_digest", new JsonText(Convert.ToHexStringLower(RunningDigest))),
        new("output_bytes", new JsonInteger(OutputBytes)),
        new("output_sha256", new JsonText(Convert.ToHexStringLower(OutputDigest))),
        new("sealed_bytes", new JsonInteger(SealedBytes)),
        new("warnings", new JsonText(Warnings)),
        new("call_id", new JsonText(CallId)),
        new("log_index", new JsonInteger(LogIndex))));

    /// <summary>Reads what <see cref="Encode"/> wrote; null if it is anything else.</summary>
    public static PullState? Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var members = ((JsonObject)CanonicalJson.Parse(bytes)).Members;
            return Number("v") != Version ? null : new PullState
            {
                ProjectId = Text("project_id"),
                ExtractId = Text("extract_id"),
                ApprovalVersion = checked((int)Number("approval_version")),
                SchemaFingerprint = Text("schema_fingerprint"),
                MappingId = Text("mapping_id"),
                NextBatch = Number("next_batch"),
                Rows = Number("rows"),
                RunningDigest = Digest("running_digest"),
                OutputBytes = Number("output_bytes"),
                OutputDigest = Digest("output_sha256"),
                SealedBytes = Number("sealed_bytes"),
                Warnings = Text("warnings"),
                CallId = Text("call_id"),
                LogIndex = Number("log_index"),
            };

            string Text(string name) => ((JsonText)members[name]).Value;
            long Number(string name) => ((JsonInteger)members[name]).Value;
            byte[] Digest(string name) => LogHash.FromHex(Text(name)).ToArray();
        }
        catch (Exception cause) when (cause is CanonicalJsonException or InvalidCastException or KeyNotFoundException or FormatException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>Refuses to go on with what another pull began.</summary>
    /// <param name="extract">The extract the server offers now.</param>
    /// <param name="mappingId">The pseudonyms of this pull.</param>
    /// <exception cref="DeliveryClientException">E_PULL_OTHER, naming what differs.</exception>
    public void RequireSame(ExtractInfo extract, string mappingId)
    {
        Require(ProjectId == extract.ProjectId, "project");

        // A proven output is whole: it gets its name and its receipt even if the server has begun the next extract meanwhile.
        Require(IsProven || (ExtractId == extract.ExtractId && ApprovalVersion == extract.ApprovalVersion), "extract");
        Require(IsProven || SchemaFingerprint == extract.SchemaFingerprint, "schema");
        Require(IsProven || MappingId == mappingId, "pseudonyms");

        static void Require(bool holds, string what)
        {
            if (!holds)
            {
                throw new DeliveryClientException(ClientReasons.PullOther, what);
            }
        }
    }
}
