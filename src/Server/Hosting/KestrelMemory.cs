using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Delivery.Server.Hosting;

/// <summary>
/// Gives Kestrel memory in blocks of 64 KiB. Its own blocks of 4 KiB end as many small TLS records; larger ones raise a stream's
/// throughput by two fifths (docs/architecture.md). Threads may share it.
/// </summary>
internal sealed class KestrelMemory : IMemoryPoolFactory<byte>
{
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new Pool();

    private sealed class Pool : MemoryPool<byte>
    {
        private const int BlockBytes = 64 * 1024;

        // Kept for reuse at the most, 32 MiB: what a few streams in flight need. More is left to the garbage collector.
        private const int BlocksKeptMax = 512;

        private readonly ConcurrentQueue<byte[]> _free = new();
        private int _kept;

        public override int MaxBufferSize => BlockBytes;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
            if (_free.TryDequeue(out var block))
            {
                Interlocked.Decrement(ref _kept);
                return new Block(this, block);
            }

            return new Block(this, GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true));
        }

        protected override void Dispose(bool disposing) => _free.Clear();

        private void Return(byte[] block)
        {
            if (Interlocked.Increment(ref _kept) <= BlocksKeptMax)
            {
                _free.Enqueue(block);
            }
            else
            {
                Interlocked.Decrement(ref _kept);
            }
        }

        private sealed class Block(Pool pool, byte[] bytes) : IMemoryOwner<byte>
        {
            private byte[]? _bytes = bytes;

            public Memory<byte> Memory => _bytes ?? throw new ObjectDisposedException(nameof(Block));

            public void Dispose()
            {
                if (Interlocked.Exchange(ref _bytes, null) is { } returned)
                {
                    pool.Return(returned);
                }
            }
        }
    }
}
