using System.Text.Unicode;
using Delivery.Server.Refusals;

namespace Delivery.Server.Intake;

/// <summary>
/// Passes the bytes of a text file on until a line is longer than allowed or the text is not UTF-8, so that no file can make the reader behind it grow
/// without bound or read other characters than were written. One thread.
/// </summary>
internal sealed class CheckedTextStream(Stream inner, int lineBytesMax, bool mustBeUtf8) : Stream
{
    // The beginning of a character whose rest has not been read; at most three bytes.
    private readonly byte[] _begun = new byte[4];
    private int _begunBytes;
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
        Check(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        Check(buffer.AsSpan(offset, read));
        return read;
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Check(ReadOnlySpan<byte> bytes)
    {
        if (mustBeUtf8)
        {
            CheckUtf8(bytes);
        }

        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            RequireLength(_lineBytes + end);
            _lineBytes = 0;
            _lines++;
            bytes = bytes[(end + 1)..];
        }

        _lineBytes += bytes.Length;
        RequireLength(_lineBytes);
    }

    private void CheckUtf8(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            RequireUtf8(_begunBytes == 0);
            return;
        }

        while (_begunBytes > 0 && bytes.Length > 0 && !Utf8.IsValid(_begun.AsSpan(0, _begunBytes)))
        {
            RequireUtf8(_begunBytes < _begun.Length);
            _begun[_begunBytes++] = bytes[0];
            bytes = bytes[1..];
        }

        if (_begunBytes > 0 && !Utf8.IsValid(_begun.AsSpan(0, _begunBytes)))
        {
            return;
        }

        _begunBytes = UnfinishedBytes(bytes);
        RequireUtf8(Utf8.IsValid(bytes[..^_begunBytes]));
        bytes[^_begunBytes..].CopyTo(_begun);
    }

    // How many bytes at the end begin a character that is longer than what is there.
    private static int UnfinishedBytes(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var needed = bytes[^back] switch
            {
                >= 0xF0 => 4,
                >= 0xE0 => 3,
                >= 0xC0 => 2,
                >= 0x80 => 0,
                _ => 1,
            };
            if (needed != 0)
            {
                return needed > back ? back : 0;
            }
        }

        return 0;
    }

    private void RequireUtf8(bool isValid)
    {
        if (!isValid)
        {
            throw RefusedException.By("E_CSV_ENCODING", $"near line {_lines}");
        }
    }

    private void RequireLength(long lineBytes)
    {
        if (lineBytes > lineBytesMax)
        {
            throw RefusedException.By("E_CSV_LINE_TOO_LONG", $"line {_lines}");
        }
    }
}
