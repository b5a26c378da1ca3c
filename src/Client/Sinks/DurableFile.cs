using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Delivery.Client.Refusals;
using Microsoft.Win32.SafeHandles;

namespace Delivery.Client.Sinks;

/// <summary>
/// Files that are wholly there or not at all, even after the power failed: written under another name, synced, renamed, and
/// the folder synced after them. Holds no state.
/// </summary>
internal static partial class DurableFile
{
    // O_RDONLY | O_CLOEXEC, the same on all of Linux's machines that .NET runs on.
    private const int ReadOnlyClosedOnExec = 0x80000;

    /// <summary>Puts content under a name, in place of what was there.</summary>
    /// <exception cref="DeliveryClientException">The disk refused.</exception>
    public static void Replace(string name, ReadOnlySpan<byte> content)
    {
        try
        {
            using (var stream = new FileStream(name + ".new", FileMode.Create, FileAccess.Write))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(name + ".new", name, overwrite: true);
            SyncFolderOf(name);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DeliveryClientException(ClientReasons.FileUnreadable, Path.GetFileName(name), cause);
        }
    }

    /// <summary>Gives a synced file its name.</summary>
    /// <exception cref="DeliveryClientException">The disk refused, or the name is taken and may not be.</exception>
    public static void Rename(string from, string to, bool overwrite)
    {
        try
        {
            File.Move(from, to, overwrite);
            SyncFolderOf(to);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DeliveryClientException(ClientReasons.FileUnreadable, Path.GetFileName(to), cause);
        }
    }

    /// <summary>Removes a file, if it is there.</summary>
    /// <exception cref="DeliveryClientException">The disk refused.</exception>
    public static void Remove(string name)
    {
        try
        {
            File.Delete(name);
            File.Delete(name + ".new");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DeliveryClientException(ClientReasons.FileUnreadable, Path.GetFileName(name), cause);
        }
    }

    /// <summary>SHA-256 of a file; null if there is none.</summary>
    /// <exception cref="DeliveryClientException">It cannot be read.</exception>
    public static async Task<byte[]?> DigestAsync(string name, CancellationToken cancellation)
    {
        try
        {
            await using var stream = new FileStream(name, FileMode.Open, FileAccess.Read);
            return await SHA256.HashDataAsync(stream, cancellation);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new DeliveryClientException(ClientReasons.FileUnreadable, Path.GetFileName(name), cause);
        }
    }

    // .NET opens no folders, and without this a rename may be forgotten by a machine that loses power. Elsewhere than on Linux
    // the file system is left to itself.
    private static void SyncFolderOf(string name)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var folder = new SafeFileHandle(Open(Path.GetDirectoryName(Path.GetFullPath(name))!, ReadOnlyClosedOnExec), ownsHandle: true);
        if (folder.IsInvalid)
        {
            throw new IOException($"The folder of {Path.GetFileName(name)} cannot be opened (errno {Marshal.GetLastPInvokeError()}).");
        }

        RandomAccess.FlushToDisk(folder);
    }

    /// <summary>open(2): a file descriptor, or -1.</summary>
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint Open(string path, int flags);
}
