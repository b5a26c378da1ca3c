using System.Globalization;
using Delivery.Protocol.Log;
using Delivery.Server.Storage;
using Microsoft.Extensions.Options;

namespace Delivery.Server.TransferLog;

/// <summary>
/// The newest log this process saw committed, kept beside the database and not in it: size and root on one line. A database that is behind
/// it, or disagrees with it, is a restored backup or lost a commit, and the server does not serve it. One thread at a time writes.
/// </summary>
internal sealed class PinFile(IOptions<StorageOptions> options)
{
    private string FileName => options.Value.PinFile;

    /// <summary>What was pinned, or null if nothing was yet.</summary>
    /// <exception cref="InvalidDataException">The file is not a pin.</exception>
    public (long Size, LogHash Root)? Read()
    {
        if (!File.Exists(FileName))
        {
            return null;
        }

        var words = File.ReadAllText(FileName).Split(' ', '\n');
        return words.Length >= 2 && long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var size) && LogHash.TryFromHex(words[1], out var root)
            ? (size, root)
            : throw new InvalidDataException($"The pin file {FileName} holds no size and root. Restore it, or ask the auditors for the last checkpoint they saw.");
    }

    /// <summary>Replaces the pin; it is on disk when this returns.</summary>
    public void Write(long size, LogHash root)
    {
        var temporary = FileName + ".new";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{size} {root}\n")));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, FileName, overwrite: true);
    }

    /// <summary>Refuses a log that the pin contradicts.</summary>
    /// <exception cref="InvalidDataException">The log is shorter than the pin, or its prefix of that size has another root.</exception>
    public void Check(LogReader log)
    {
        if (Read() is not var (size, root))
        {
            return;
        }

        if (log.Range.Size < size)
        {
            throw new InvalidDataException(
                $"The transfer log holds {log.Range.Size} leaves, but {size} were signed: this is an older copy of the database. Bring back the newest one; nothing is served from this.");
        }

        if (Subtrees.Root(size, log.Node) != root)
        {
            throw new InvalidDataException(
                $"The first {size} leaves of the transfer log are not those that were signed: the database was altered. Nothing is served from it.");
        }
    }
}
