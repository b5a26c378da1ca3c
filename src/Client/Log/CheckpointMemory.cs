using Delivery.Client.Refusals;
using Delivery.Protocol.Log;

namespace Delivery.Client.Log;

/// <summary>
/// The newest checkpoint this client has seen proven, in memory and, where a file is named, across runs. It only moves
/// forward: to a head that was proven to continue it. Thread-safe.
/// </summary>
internal sealed class CheckpointMemory(string? file)
{
    private readonly Lock _lock = new();
    private byte[]? _note;

    /// <summary>The head seen last; null on first sight.</summary>
    /// <exception cref="DeliveryClientException">The file cannot be read or holds something else.</exception>
    public Checkpoint? Seen
    {
        get
        {
            lock (_lock)
            {
                _note ??= ReadFile();
                return _note is null ? null : Parse(_note);
            }
        }
    }

    /// <summary>Keeps a head that was proven to continue the one seen; an older one changes nothing.</summary>
    /// <exception cref="DeliveryClientException">The file cannot be replaced.</exception>
    public void Remember(Checkpoint proven, byte[] note)
    {
        lock (_lock)
        {
            _note ??= ReadFile();
            if (_note is not null && Parse(_note).Size >= proven.Size)
            {
                return;
            }

            _note = note;
            Replace(note);
        }
    }

    private Checkpoint Parse(byte[] note)
    {
        try
        {
            return Checkpoint.Parse(SignedNote.Parse(note).Text);
        }
        catch (LogFormatException cause)
        {
            throw new DeliveryClientException(ClientReasons.FileUnreadable, Path.GetFileName(file) ?? "", cause);
        }
    }

    private byte[]? ReadFile()
    {
        try
        {
            return file is null || !File.Exists(file) ? null : File.ReadAllBytes(file);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DeliveryClientException(ClientReasons.FileUnreadable, Path.GetFileName(file) ?? "", cause);
        }
    }

    private void Replace(byte[] note)
    {
        if (file is null)
        {
            return;
        }

        try
        {
            // A crash leaves either the old head or the new one, never half of one.
            using (var stream = new FileStream(file + ".partial", FileMode.Create, FileAccess.Write))
            {
                stream.Write(note);
                stream.Flush(flushToDisk: true);
            }

            File.Move(file + ".partial", file, overwrite: true);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DeliveryClientException(ClientReasons.FileUnreadable, Path.GetFileName(file), cause);
        }
    }
}
