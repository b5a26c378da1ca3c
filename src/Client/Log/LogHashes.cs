using Delivery.Client.Refusals;
using Delivery.Protocol.Log;

namespace Delivery.Client.Log;

/// <summary>Hashes as they travel: 32 bytes each.</summary>
internal static class LogHashes
{
    /// <exception cref="ProofRefusedException">One is not 32 bytes long.</exception>
    public static IReadOnlyList<LogHash> Read(IEnumerable<byte[]> hashes) => [.. hashes.Select(bytes => bytes.Length == LogHash.SizeBytes
        ? new LogHash(bytes)
        : throw new ProofRefusedException(ClientReasons.ProofRefused, nameof(LogProofCode.ProofUnreadable)))];
}
