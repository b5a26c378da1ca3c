using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Delivery.Client.Sinks;

/// <summary>
/// Appends to a file past the page cache: what is appended is collected in blocks, and one block is on its way to the disk while the next is
/// filled. An output is written once, synced, and often larger than memory; through the cache every byte of it costs more than sealing it, pushes
/// out what others read, and waits for the sync at the end. Where the file system takes no such writes they go through the cache. One owner.
/// </summary>
internal sealed class DirectOutput
{
    private const int BlockBytes = 1 << 20;

    // The largest sector or page that a disk or file system in use asks direct writes to keep to.
    private const int Alignment = 4096;

    // O_WRONLY | O_CLOEXEC, and O_DIRECT as the processor has it.
    private const int WriteOnlyClosedOnExec = 0x80001;
    private const int InvalidArgument = 22;

    // Blocks kept for the next output, wiped: what a few outputs at once use.
    private const int KeptMax = 8;
    private static readonly ConcurrentQueue<Memory<byte>> Kept = new();

    private readonly SafeFileHandle _file;
    private SafeFileHandle? _direct;
    private Memory<byte> _filling = Take();
    private Memory<byte> _spare = Take();
    private Task _write = Task.CompletedTask;
    private long _start;
    private int _filled;
    private long _written;

    /// <summary>Goes on after so many bytes of a file.</summary>
    /// <param name="name">Name of the file.</param>
    /// <param name="file">The file, open for reading and writing; stays the caller's.</param>
    /// <param name="length">Bytes that stand in it.</param>
    public DirectOutput(string name, SafeFileHandle file, long length)
    {
        (_file, _direct) = (file, OpenDirect(name));
        (_start, _written) = (length / Alignment * Alignment, length);
        for (var end = (int)(length - _start); _filled < end;)
        {
            var read = RandomAccess.Read(file, _filling.Span[_filled..end], _start + _filled);
            _filled += read > 0 ? read : throw new InvalidDataException("The unfinished file is too short.");
        }
    }

    /// <summary>Bytes appended so far and before.</summary>
    public long Length => _start + _filled;

    /// <summary>How many of them the file has taken, be it all or what it took before it refused.</summary>
    public long WrittenBytes => Volatile.Read(ref _written);

    /// <exception cref="IOException">The disk refused, this time or a block before.</exception>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var part = Math.Min(bytes.Length, BlockBytes - _filled);
            bytes[..part].CopyTo(_filling[_filled..]);
            (_filled, bytes) = (_filled + part, bytes[part..]);
            if (_filled == BlockBytes)
            {
                await _write;
                _write = WriteAsync(_filling, _start, BlockBytes);
                (_filling, _spare) = (_spare, _filling);
                (_start, _filled) = (_start + BlockBytes, 0);
            }
        }
    }

    /// <summary>When this returns, the file has taken everything and is exactly so long. It may still be in the disk's own memory.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public async ValueTask SettleAsync()
    {
        await _write;
        if (WrittenBytes < Length)
        {
            // The last block is written whole and cut off again; what is appended next writes it anew.
            var whole = (_filled + Alignment - 1) / Alignment * Alignment;
            _filling[_filled..whole].Span.Clear();
            await WriteAsync(_filling[..whole], _start, _filled);
        }

        RandomAccess.SetLength(_file, Length);
    }

    /// <summary>Waits for the block on its way, however it fares, and wipes the blocks. Nothing is appended afterwards.</summary>
    public async Task CloseAsync()
    {
        await _write.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _direct?.Dispose();
        Return(_filling);
        Return(_spare);
        (_filling, _spare) = (default, default);
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> block, long at, int length)
    {
        try
        {
            await PutAsync(block, at);
            Volatile.Write(ref _written, at + length);
        }
        catch
        {
            // Nothing is ever written but what belongs there, so what stands there counts.
            Volatile.Write(ref _written, Math.Max(_written, Math.Min(at + length, RandomAccess.GetLength(_file))));
            throw;
        }
    }

    private async Task PutAsync(ReadOnlyMemory<byte> block, long at)
    {
        if (_direct is { } direct)
        {
            try
            {
                await RandomAccess.WriteAsync(direct, block, at);
                return;
            }
            catch (IOException cause) when (cause.HResult == InvalidArgument)
            {
                // The file system wants another alignment, or took part of the block and wants none of the rest: it is asked in the usual way.
                _direct = null;
                direct.Dispose();
            }
        }

        await RandomAccess.WriteAsync(_file, block, at);
    }

    private static Memory<byte> Take() => Kept.TryDequeue(out var block) ? block : AlignedBlock();

    private static void Return(Memory<byte> block)
    {
        block.Span.Clear();
        if (!block.IsEmpty && Kept.Count < KeptMax)
        {
            Kept.Enqueue(block);
        }
    }

    private static Memory<byte> AlignedBlock()
    {
        var array = GC.AllocateUninitializedArray<byte>(BlockBytes + Alignment, pinned: true);
        var past = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) % Alignment);
        return array.AsMemory(past == 0 ? 0 : Alignment - past, BlockBytes);
    }

    private static SafeFileHandle? OpenDirect(string name)
    {
        int? flag = !OperatingSystem.IsLinux() ? null : RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 0x4000,
            Architecture.Arm64 => 0x10000,
            _ => null,
        };
        if (flag is not { } direct)
        {
            return null;
        }

        var handle = new SafeFileHandle(DurableFile.Open(Path.GetFullPath(name), WriteOnlyClosedOnExec | direct), ownsHandle: true);
        if (!handle.IsInvalid)
        {
            return handle;
        }

        handle.Dispose();
        return null;
    }
}
