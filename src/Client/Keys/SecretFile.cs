using Delivery.Client.Refusals;

namespace Delivery.Client.Keys;

/// <summary>Files that hold a secret: made with mode 0600, never over another, and not read when others could have.</summary>
internal static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int SizeMaxBytes = 1 << 20;

    /// <exception cref="DeliveryClientException">The file exists already or cannot be written.</exception>
    public static void Write(string file, ReadOnlySpan<byte> content)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using var stream = new FileStream(file, options);
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DeliveryClientException(ClientReasons.FileUnreadable, Path.GetFileName(file), cause);
        }
    }

    /// <exception cref="DeliveryClientException">The file cannot be read, is too long, or others than its owner may read it.</exception>
    public static byte[] Read(string file)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & ~OwnerOnly & ~UnixFileMode.UserExecute) != 0)
            {
                throw new DeliveryClientException(ClientReasons.KeyFileExposed, Path.GetFileName(file));
            }

            return new FileInfo(file).Length <= SizeMaxBytes
                ? File.ReadAllBytes(file)
                : throw new DeliveryClientException(ClientReasons.KeyFile, Path.GetFileName(file));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DeliveryClientException(ClientReasons.FileUnreadable, Path.GetFileName(file), cause);
        }
    }
}
