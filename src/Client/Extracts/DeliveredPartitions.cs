using System.Security.Cryptography;
using Delivery.Client.Refusals;
using Delivery.Protocol.Domain;
using Google.Protobuf;

namespace Delivery.Client.Extracts;

/// <summary>A partition an extract was made of, in one generation.</summary>
/// <param name="Partition">For example <c>NT-DAN-2-2014</c>.</param>
/// <param name="Generation">The generation, from 1.</param>
/// <param name="SourceDeliveryId">The source delivery that brought it.</param>
/// <param name="Rows">Rows the partition holds, of which the extract has those approved.</param>
/// <param name="RejectedRows">Rows that were set aside.</param>
/// <param name="QualityReport">The quality report's exact bytes, restricted canonical JSON.</param>
public sealed record DeliveredPartition(
    string Partition, long Generation, string SourceDeliveryId, long Rows, long RejectedRows, ReadOnlyMemory<byte> QualityReport);

/// <summary>Reads the quality reports of a trailer, which the sealed trailer vouches for by their digest.</summary>
internal static class DeliveredPartitions
{
    /// <summary>SHA-256 over the SHA-256 digests of the reports, in order.</summary>
    public static byte[] Digest(IEnumerable<ByteString> reports)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var report in reports)
        {
            hash.AppendData(SHA256.HashData(report.Span));
        }

        return hash.GetHashAndReset();
    }

    public static IReadOnlyList<DeliveredPartition> Read(IEnumerable<ByteString> reports) => [.. reports.Select(Read)];

    private static DeliveredPartition Read(ByteString report)
    {
        try
        {
            var quality = QualityDocument.Read(report.Span);
            return new DeliveredPartition(quality.Partition, quality.Generation, quality.SourceDeliveryId, quality.Rows, quality.RejectedRows, report.Memory);
        }
        catch (InvalidDataException cause)
        {
            throw new DeliveryClientException(ClientReasons.ProtocolBroken, "quality report", cause);
        }
    }
}
