using System.Collections.Concurrent;
using System.Security.Cryptography;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Sealing;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Storage;

/// <summary>
/// The keys results are sealed under at rest: one data key per partition, wrapped by the key-encryption key of a file. Keys stay in
/// memory once unwrapped. Threads may share it.
/// </summary>
internal sealed class PartitionKeys : IDisposable
{
    private readonly ConcurrentDictionary<int, DataKey> _unwrapped = new();
    private readonly DataKey _wrappingKey;
    private readonly string _wrappingKeyId;

    public PartitionKeys(IOptions<StorageOptions> options, Store store)
    {
        var bytes = ReadOrCreate(options.Value.KeyEncryptionKeyFile, store);
        _wrappingKey = new DataKey(bytes);
        // The id tells which key a wrapping needs without telling the key.
        _wrappingKeyId = Convert.ToHexStringLower(HKDF.Expand(HashAlgorithmName.SHA256, bytes, 8, "delivery/v1 key id"u8.ToArray()));
        CryptographicOperations.ZeroMemory(bytes);
    }

    /// <summary>Refuses a key-encryption key that is not the one the store began with; several servers must have the same.</summary>
    /// <exception cref="InvalidDataException">It is another.</exception>
    public void RequireTheStores(WriteScope scope)
    {
        scope.Execute("UPDATE store_schema SET wrapping_key_id = $1 WHERE id = 1 AND wrapping_key_id = ''", _wrappingKeyId);
        using var command = scope.Command("SELECT 1 FROM store_schema WHERE id = 1 AND wrapping_key_id = $1", _wrappingKeyId);
        if (command.ExecuteScalar() is null)
        {
            throw new InvalidDataException($"The key-encryption key of {StorageOptions.Section}:KeyEncryptionKeyFile is not the one that the results in the database are sealed under. All servers on it need the same file.");
        }
    }

    /// <summary>Makes a partition's key and returns its wrapped form, to be stored in the partition's row.</summary>
    public byte[] Create(PartitionKey partition)
    {
        var (key, wrapped) = KeyWrap.Create(_wrappingKey, partition.ToString(), _wrappingKeyId);
        key.Dispose();
        return wrapped;
    }

    /// <summary>The key of a partition, given the wrapped form of its row.</summary>
    /// <exception cref="CryptographicException">Wrapped under another key-encryption key, or altered.</exception>
    public DataKey Unwrap(PartitionKey partition, ReadOnlySpan<byte> wrapped)
    {
        if (_unwrapped.TryGetValue(partition.Id, out var known))
        {
            return known;
        }

        var key = KeyWrap.Unwrap(_wrappingKey, wrapped, partition.ToString(), _wrappingKeyId);
        return _unwrapped.GetOrAdd(partition.Id, key);
    }

    /// <summary>Seals a small secret of the server's own, bound to what it is for.</summary>
    public byte[] SealSecret(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> purpose)
    {
        var blob = new byte[secret.Length + XaesGcm.Overhead];
        XaesGcm.Seal(_wrappingKey, secret, purpose, blob);
        return blob;
    }

    /// <summary>Opens what <see cref="SealSecret"/> sealed for the same purpose.</summary>
    /// <exception cref="CryptographicException">Sealed otherwise, or altered.</exception>
    public byte[] OpenSecret(ReadOnlySpan<byte> blob, ReadOnlySpan<byte> purpose)
    {
        var secret = new byte[Math.Max(0, blob.Length - XaesGcm.Overhead)];
        XaesGcm.Open(_wrappingKey, blob, purpose, secret);
        return secret;
    }

    public void Dispose()
    {
        foreach (var key in _unwrapped.Values)
        {
            key.Dispose();
        }

        _wrappingKey.Dispose();
    }

    private static byte[] ReadOrCreate(string file, Store store)
    {
        if (File.Exists(file))
        {
            return Read(file);
        }

        if (store.HoldsKeys())
        {
            throw new InvalidDataException($"The key-encryption key {file} is missing, and the database cannot be read without it. Restore the file.");
        }

        Create(file);
        return Read(file);
    }

    private static bool IsCredential(string file) =>
        Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is { Length: > 0 } folder && Path.GetDirectoryName(Path.GetFullPath(file)) == Path.GetFullPath(folder);

    private static byte[] Read(string file)
    {
        // systemd may hand a credential over with an access list for its one reader, which then shows in the group's bits; no group can read it.
        var othersRead = IsCredential(file) ? UnixFileMode.OtherRead : UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & othersRead) != 0)
        {
            throw new InvalidDataException($"The key-encryption key {file} can be read by others: set its mode to 0600.");
        }

        var bytes = File.ReadAllBytes(file);
        return bytes.Length == DataKey.Size ? bytes : throw new InvalidDataException($"The key-encryption key {file} must hold exactly {DataKey.Size} bytes.");
    }

    // Under its name it stands whole from the first moment. Of two servers that start at once on one file, one makes it and both read it.
    private static void Create(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var temporary = $"{file}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        var settings = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            settings.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var key = RandomNumberGenerator.GetBytes(DataKey.Size);
        using (var stream = new FileStream(temporary, settings))
        {
            stream.Write(key);
            stream.Flush(flushToDisk: true);
        }

        CryptographicOperations.ZeroMemory(key);
        try
        {
            File.Move(temporary, file);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(temporary);
        }
    }
}
