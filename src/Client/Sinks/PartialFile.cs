using System.Security.Cryptography;
using Delivery.Client.Refusals;

namespace Delivery.Client.Sinks;

/// <summary>
/// A file that exists under its name only once it is finished: written to <c>name.partial</c>, hashed in passing, synced to
/// disk, then renamed. Disposed before that, it leaves nothing. One owner.
/// </summary>
internal sealed class PartialFile : Stream
{
    private readonly string _name;
    private readonly bool _overwrite;
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _isFinished;

    /// <exception cref="DeliveryClientException">The file exists and may not be replaced, or cannot be made.</exception>
    public PartialFile(string name, bool overwrite)
    {
        (_name, _overwrite) = (name, overwrite);
        CheckFree(name, overwrite);
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                Share = FileShare.None,
                BufferSize = 0,
                Options = FileOptions.Asynchronous,
            };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
            }

            _file = new FileStream(name + ".partial", options);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DeliveryClientException(ClientReasons.FileUnreadable, Path.GetFileName(name), cause);
        }
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _file.Length;

    public override long Position
    {
        get => _file.Position;
        set => throw new NotSupportedException();
    }

    /// <exception cref="DeliveryClientException">The file exists and may not be replaced.</exception>
    public static void CheckFree(string name, bool overwrite)
    {
        if (!overwrite && File.Exists(name))
        {
            throw new DeliveryClientException(ClientReasons.OutputExists, Path.GetFileName(name));
        }
    }

    /// <summary>Syncs the file and gives it its name; returns its SHA-256.</summary>
    /// <exception cref="DeliveryClientException">The disk refused, or the name was taken meanwhile.</exception>
    public byte[] Finish()
    {
        try
        {
            _file.Flush(flushToDisk: true);
            _file.Dispose();
            File.Move(_file.Name, _name, _overwrite);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DeliveryClientException(ClientReasons.FileUnreadable, Path.GetFileName(_name), cause);
        }

        _isFinished = true;
        return _hash.GetHashAndReset();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var write = _file.WriteAsync(buffer, cancellationToken);
            _hash.AppendData(buffer.Span);
            await write;
        }
        catch (IOException cause)
        {
            throw new DeliveryClientException(ClientReasons.FileUnreadable, Path.GetFileName(_name), cause);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        _file.Write(buffer, offset, count);
        _hash.AppendData(buffer, offset, count);
    }

    public override void Flush() => _file.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
            _hash.Dispose();
            if (!_isFinished)
            {
                Remove();
            }
        }

        base.Dispose(disposing);
    }

    private void Remove()
    {
        try
        {
            File.Delete(_file.Name);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // What made us give up is being thrown, and it matters more than a file that holds pseudonyms and has no name yet.
            _ = cause;
        }
    }
}
