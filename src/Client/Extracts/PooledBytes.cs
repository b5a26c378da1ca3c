using Delivery.Protocol.Sealing;

namespace Delivery.Client.Extracts;

/// <summary>
/// Bytes in a rented array that has one owner at a time. The owner disposes it, which wipes the bytes before the array goes
/// back: what is opened in it are CPR numbers.
/// </summary>
internal sealed class PooledBytes(int length) : IDisposable
{
    private byte[]? _array = ClearBuffers.Rent(length);

    public int Length => length;

    public Memory<byte> Memory => Array.AsMemory(0, length);

    public Span<byte> Span => Array.AsSpan(0, length);

    private byte[] Array => _array ?? throw new ObjectDisposedException(nameof(PooledBytes));

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _array, null) is { } returned)
        {
            ClearBuffers.Return(returned, length);
        }
    }
}
