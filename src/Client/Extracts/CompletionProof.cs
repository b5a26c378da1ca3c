using System.Security.Cryptography;
using Delivery.Client.Log;
using Delivery.Client.Refusals;
using Delivery.Protocol.Log;
using Delivery.Protocol.Sealing;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Extracts;

/// <summary>
/// Holds a trailer's log proof against what arrived: the log, as the policy knows it, must say that exactly this call
/// delivered exactly these rows, and must continue the log seen before.
/// </summary>
internal static class CompletionProof
{
    /// <param name="expected">The call.</param>
    /// <param name="facts">The opened trailer.</param>
    /// <param name="trailer">The frame it came in.</param>
    /// <param name="policy">Whom to believe.</param>
    /// <param name="seen">The checkpoint named in the request; null if none was.</param>
    /// <exception cref="ProofRefusedException">Something does not hold.</exception>
    public static LogProofResult Check(
        SealedStreamRequest expected, TrailerFacts facts, Wire.ExtractTrailer trailer, LogPolicy policy, Checkpoint? seen)
    {
        Require(SHA256.HashData(trailer.LogProof.Span).AsSpan().SequenceEqual(facts.TransferLogProofDigest.Span), "ProofDigestDiffers");
        var previous = seen is null ? null : new SeenCheckpoint(seen, LogHashes.Read(trailer.ConsistencyHashes.Select(hash => hash.ToByteArray())));
        var result = LogProofVerifier.Verify(policy, trailer.LogLeaf.Span, trailer.LogProof.Span, previous);
        if (result.Leaf is not { } leaf)
        {
            throw new ProofRefusedException(
                result.Code is LogProofCode.HistoryForked ? ClientReasons.LogForked : ClientReasons.ProofRefused, result.Code.ToString());
        }

        Require(leaf.Type is LeafType.ExtractCompleted, "LeafOfAnotherType");
        Require(leaf.ProjectId == expected.ProjectId, "LeafOfAnotherProject");
        Require(leaf.ExtractId == expected.ExtractId, "LeafOfAnotherExtract");
        Require(leaf.Hash("call_id") == new LogHash(expected.CallId.Span), "LeafOfAnotherCall");
        Require(leaf.Number("row_count") == facts.TotalRows, "LeafRowCountDiffers");
        Require(leaf.Number("batch_count") == facts.NextBatchIndex, "LeafBatchCountDiffers");
        Require(leaf.Hash("list_digest") == new LogHash(facts.RunningDigest.Span), "LeafListDigestDiffers");
        Require(leaf.Hash("quality_digest") == new LogHash(facts.QualityReportDigest.Span), "LeafQualityDigestDiffers");
        Require(DeliveredPartitions.Digest(trailer.QualityReports).AsSpan().SequenceEqual(facts.QualityReportDigest.Span), "QualityReportsDiffer");
        return result;
    }

    private static void Require(bool holds, string detail)
    {
        if (!holds)
        {
            throw new ProofRefusedException(ClientReasons.ProofRefused, detail);
        }
    }
}
