using System.Security.Cryptography;
using Delivery.Client.Refusals;

namespace Delivery.Client.Sinks;

/// <summary>
/// A file that exists under its name only once it is finished: written to <c>name.partial</c>, hashed in passing, synced to
/// disk, then renamed. Disposed before that it leaves nothing, unless it is to be gone on with. Nobody else can have it open.
/// One owner; <see cref="Sync"/> may run on another thread meanwhile. What was written reaches the file in blocks: <see cref="SettleAsync"/> before
/// <see cref="Sync"/> has them all there.
/// </summary>
internal sealed class PartialFile : Stream
{
    private const int ReadBackBytes = 1 << 20;

    private readonly string _name;
    private readonly bool _overwrite;
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private DirectOutput? _output;
    private bool _isKept;

    private PartialFile(string name, bool overwrite, FileMode mode)
    {
        (_name, _overwrite) = (name, overwrite);
        try
        {
            var options = new FileStreamOptions
            {
                Mode = mode,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 0,
                Options = FileOptions.Asynchronous,
            };
            if (!OperatingSystem.IsWindows() && mode == FileMode.Create)
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
            }

            _file = new FileStream(PartialName(name), options);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Unwritable(cause);
        }
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => Output.Length;

    /// <summary>How much of it the file has taken; the rest is collected, or was refused.</summary>
    public long WrittenBytes => Output.WrittenBytes;

    public override long Position
    {
        get => Output.Length;
        set => throw new NotSupportedException();
    }

    /// <summary>What was written before, to be read from its beginning; writing goes on behind it all the same.</summary>
    public Stream Begun
    {
        get
        {
            _file.Position = 0;
            return _file;
        }
    }

    private DirectOutput Output => _output ?? throw new ObjectDisposedException(nameof(PartialFile));

    /// <summary>A new file.</summary>
    /// <exception cref="DeliveryClientException">The file exists and may not be replaced, or cannot be made.</exception>
    public static PartialFile Create(string name, bool overwrite)
    {
        CheckFree(name, overwrite);
        var file = new PartialFile(name, overwrite, FileMode.Create);
        file._output = new DirectOutput(PartialName(name), file._file.SafeFileHandle, 0);
        return file;
    }

    /// <summary>A file that was begun: its first bytes are checked against their digest, and what follows them is cut off.</summary>
    /// <exception cref="DeliveryClientException">The file cannot be opened.</exception>
    /// <exception cref="InvalidDataException">Other bytes stand there.</exception>
    public static async Task<PartialFile> ResumeAsync(
        string name, bool overwrite, long length, ReadOnlyMemory<byte> digest, CancellationToken cancellation)
    {
        var file = File.Exists(PartialName(name)) ? new PartialFile(name, overwrite, FileMode.Open) : throw new InvalidDataException("The unfinished file is missing.");
        try
        {
            await file.TakeUpAsync(length, digest, cancellation);
            return file;
        }
        catch
        {
            file.Keep();
            await file.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="DeliveryClientException">The file exists and may not be replaced.</exception>
    public static void CheckFree(string name, bool overwrite)
    {
        if (!overwrite && File.Exists(name))
        {
            throw new DeliveryClientException(ClientReasons.OutputExists, Path.GetFileName(name));
        }
    }

    /// <summary>The name of an unfinished file.</summary>
    public static string PartialName(string name) => name + ".partial";

    /// <summary>SHA-256 of everything written so far.</summary>
    public byte[] CurrentDigest() => _hash.GetCurrentHash();

    /// <summary>The file has taken everything written so far when this returns.</summary>
    /// <exception cref="DeliveryClientException">The disk refused.</exception>
    public async ValueTask SettleAsync()
    {
        try
        {
            await Output.SettleAsync();
        }
        catch (Exception cause) when (cause is IOException or ArgumentOutOfRangeException)
        {
            throw Unwritable(cause);
        }
    }

    /// <summary>Everything the file has taken is on disk when this returns.</summary>
    /// <exception cref="DeliveryClientException">The disk refused.</exception>
    public void Sync()
    {
        try
        {
            RandomAccess.FlushToDisk(_file.SafeFileHandle);
        }
        catch (IOException cause)
        {
            throw Unwritable(cause);
        }
    }

    /// <summary>Gives the settled and synced file its name.</summary>
    /// <exception cref="DeliveryClientException">The disk refused, or the name was taken meanwhile.</exception>
    /// <exception cref="InvalidOperationException">The file has not taken everything.</exception>
    public void Place()
    {
        if (WrittenBytes != Length)
        {
            throw new InvalidOperationException("A file gets its name when it has taken everything.");
        }

        _file.Dispose();
        DurableFile.Rename(PartialName(_name), _name, _overwrite);
        _isKept = true;
    }

    /// <summary>Leaves the unfinished file where it is when this is disposed.</summary>
    public void Keep() => _isKept = true;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            _hash.AppendData(buffer.Span);
            await Output.AppendAsync(buffer);
        }
        catch (Exception cause) when (cause is IOException or ArgumentOutOfRangeException)
        {
            // A file that may grow no further (EFBIG) comes as an argument out of range.
            throw Unwritable(cause);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        if (_output is not null)
        {
            await _output.CloseAsync();
        }

        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
            _hash.Dispose();
            if (!_isKept)
            {
                Remove();
            }
        }

        base.Dispose(disposing);
    }

    private async Task TakeUpAsync(long length, ReadOnlyMemory<byte> digest, CancellationToken cancellation)
    {
        try
        {
            var buffer = new byte[ReadBackBytes];
            for (var at = 0L; at < length;)
            {
                var read = await RandomAccess.ReadAsync(_file.SafeFileHandle, buffer.AsMemory(0, (int)Math.Min(buffer.Length, length - at)), at, cancellation);
                _hash.AppendData(buffer.AsSpan(0, read));
                at += read > 0 ? read : throw new InvalidDataException("The unfinished file is too short.");
            }

            if (!CurrentDigest().AsSpan().SequenceEqual(digest.Span))
            {
                throw new InvalidDataException("The unfinished file was altered.");
            }

            RandomAccess.SetLength(_file.SafeFileHandle, length);
            _output = new DirectOutput(PartialName(_name), _file.SafeFileHandle, length);
        }
        catch (IOException cause)
        {
            throw Unwritable(cause);
        }
    }

    private DeliveryClientException Unwritable(Exception cause) => new(ClientReasons.FileUnreadable, Path.GetFileName(_name), cause);

    private void Remove()
    {
        try
        {
            File.Delete(PartialName(_name));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // What made us give up is being thrown, and it matters more than a file that holds pseudonyms and has no name yet.
            _ = cause;
        }
    }
}
