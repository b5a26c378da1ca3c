using Delivery.Protocol.Arrow;

namespace Delivery.Server.Intake;

/// <summary>What form a results file has, told by its first bytes. No header of a CSV file begins like the others.</summary>
internal enum FileForm
{
    Csv = 1,

    /// <summary>Arrow IPC messages to the end marker.</summary>
    ArrowStream = 2,

    /// <summary>The same between a magic and a footer.</summary>
    ArrowFile = 3,
}

/// <summary>A file that arrives and is read once, forwards. Its beginning may be looked at before it is read. One thread.</summary>
/// <param name="read">Fills what it is given with the next bytes; 0 at the end, and again after it.</param>
internal sealed class IncomingFile(Func<Memory<byte>, CancellationToken, ValueTask<int>> read) : Stream
{
    private readonly byte[] _beginning = new byte[ArrowFormat.PrefixLength];
    private int _begun;
    private int _given;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Looks at the beginning, which is still there to be read. Call it first.</summary>
    public async ValueTask<FileForm> FormAsync(CancellationToken cancellation)
    {
        for (var count = -1; count != 0 && _begun < _beginning.Length; _begun += count)
        {
            count = await read(_beginning.AsMemory(_begun), cancellation);
        }

        var beginning = _beginning.AsSpan(0, _begun);
        return beginning.StartsWith(ArrowFormat.FileEnd) ? FileForm.ArrowFile
            : beginning.StartsWith(ArrowFormat.EndOfStream[..sizeof(uint)]) ? FileForm.ArrowStream
            : FileForm.Csv;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_given == _begun)
        {
            return read(buffer, cancellationToken);
        }

        var count = Math.Min(buffer.Length, _begun - _given);
        _beginning.AsMemory(_given, count).CopyTo(buffer);
        _given += count;
        return ValueTask.FromResult(count);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
