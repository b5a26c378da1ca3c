using System.Buffers.Binary;

namespace Delivery.Protocol.Sealing;

/// <summary>The additional data of a stream's messages: final flag u8 ‖ batch index u64 ‖ row count u32.</summary>
internal static class StreamFrames
{
    public const int AdditionalDataSize = 1 + sizeof(ulong) + sizeof(uint);

    public static ReadOnlySpan<byte> TrailerLabel => "delivery/v1 trailer"u8;

    public static void BatchData(long batchIndex, int rowCount, Span<byte> destination) => Write(0, batchIndex, rowCount, destination);

    /// <summary>The flag is what keeps a batch from posing as the trailer, and the trailer as a batch.</summary>
    public static void TrailerData(long nextBatchIndex, Span<byte> destination) => Write(1, nextBatchIndex, 0, destination);

    private static void Write(byte final, long batchIndex, int rowCount, Span<byte> destination)
    {
        destination[0] = final;
        BinaryPrimitives.WriteUInt64BigEndian(destination[1..], (ulong)batchIndex);
        BinaryPrimitives.WriteUInt32BigEndian(destination[9..], (uint)rowCount);
    }
}

/// <summary>
/// What a trailer states, 112 bytes: next batch index u64 ‖ total rows u64 ‖ running digest 32 ‖ quality report digest 32 ‖
/// SHA-256 of the transfer-log proof 32.
/// </summary>
/// <param name="NextBatchIndex">Batches in the whole extract, earlier calls counted.</param>
/// <param name="TotalRows">Rows in the whole extract, earlier calls counted.</param>
/// <param name="RunningDigest">32 bytes, over all batches of the extract.</param>
/// <param name="QualityReportDigest">32 bytes.</param>
/// <param name="TransferLogProofDigest">32 bytes: SHA-256 of the proof bytes that travel beside the trailer.</param>
internal sealed record TrailerFacts(
    long NextBatchIndex,
    long TotalRows,
    ReadOnlyMemory<byte> RunningDigest,
    ReadOnlyMemory<byte> QualityReportDigest,
    ReadOnlyMemory<byte> TransferLogProofDigest)
{
    public const int Size = 8 + 8 + 32 + 32 + 32;

    public void Write(Span<byte> destination)
    {
        var layout = new LayoutWriter(destination);
        layout.U64((ulong)NextBatchIndex);
        layout.U64((ulong)TotalRows);
        layout.Bytes(RunningDigest.Span);
        layout.Bytes(QualityReportDigest.Span);
        layout.Bytes(TransferLogProofDigest.Span);
    }

    /// <summary>Reads exactly <see cref="Size"/> bytes. A count past the range of a long comes out negative, and equals none of ours.</summary>
    public static TrailerFacts Read(ReadOnlySpan<byte> plaintext)
    {
        var layout = new LayoutReader(plaintext);
        return new TrailerFacts(
            layout.I64(), layout.I64(), layout.Take(32).ToArray(), layout.Take(32).ToArray(), layout.Take(32).ToArray());
    }
}

/// <summary>A trailer as it travels.</summary>
/// <param name="Sealed">128 bytes: the facts, sealed as the stream's last message.</param>
/// <param name="Signature">64 bytes: ECDSA over "delivery/v1 trailer" ‖ call id ‖ the facts in plaintext, by the delivery key.</param>
internal sealed record SealedTrailer(ReadOnlyMemory<byte> Sealed, ReadOnlyMemory<byte> Signature)
{
    public const int SealedSize = TrailerFacts.Size + Hpke.TagSize;
}
