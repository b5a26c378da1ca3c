using Delivery.Server.Refusals;

namespace Delivery.Server.Intake;

/// <summary>Passes bytes on until a line is longer than allowed, so that no file can make the reader behind it grow without bound.</summary>
internal sealed class LineLimitStream(Stream inner, int lineBytesMax) : Stream
{
    private long _lineBytes;
    private long _lines = 1;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Count(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        Count(buffer.AsSpan(offset, read));
        return read;
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Count(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            Require(_lineBytes + end);
            _lineBytes = 0;
            _lines++;
            bytes = bytes[(end + 1)..];
        }

        _lineBytes += bytes.Length;
        Require(_lineBytes);
    }

    private void Require(long lineBytes)
    {
        if (lineBytes > lineBytesMax)
        {
            throw RefusedException.By("E_CSV_LINE_TOO_LONG", $"line {_lines}");
        }
    }
}
