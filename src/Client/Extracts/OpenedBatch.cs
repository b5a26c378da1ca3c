namespace Delivery.Client.Extracts;

/// <summary>A batch whose tag held: an Arrow record batch message in the clear. Whoever holds it disposes it, which wipes it.</summary>
/// <param name="Index">Its place in the extract.</param>
/// <param name="Rows">Its rows, as sealed.</param>
/// <param name="Bytes">The array it was opened in; the message is shorter by the tag.</param>
/// <param name="MessageLength">Bytes of the message.</param>
internal sealed record OpenedBatch(long Index, int Rows, PooledBytes Bytes, int MessageLength) : IDisposable
{
    /// <summary>The running digest with this batch, 32 bytes; set when it was digested.</summary>
    public ReadOnlyMemory<byte> RunningDigest { get; set; }

    public ReadOnlyMemory<byte> Message => Bytes.Memory[..MessageLength];

    public void Dispose() => Bytes.Dispose();
}
