using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Delivery.Client.Refusals;

namespace Delivery.Client.Keys;

/// <summary>
/// The master key of the built-in pseudonyms: 32 random bytes, kept as one line of base64 in a file of mode 0600. Whoever
/// holds it can undo every pseudonym made with it, so its custody is the security.
/// </summary>
public sealed class PseudonymKeyFile : IDisposable
{
    internal const int SizeBytes = 32;

    private readonly byte[] _master;

    private PseudonymKeyFile(byte[] master) => _master = master;

    internal ReadOnlySpan<byte> Master => _master;

    /// <summary>Makes a new key from the system's random generator.</summary>
    public static PseudonymKeyFile Generate()
    {
        var master = GC.AllocateUninitializedArray<byte>(SizeBytes, pinned: true);
        RandomNumberGenerator.Fill(master);
        return new PseudonymKeyFile(master);
    }

    /// <summary>Reads a key.</summary>
    /// <exception cref="DeliveryClientException">The file cannot be read, is open to others, or holds something else.</exception>
    public static PseudonymKeyFile Load(string file)
    {
        var text = SecretFile.Read(file);
        var master = GC.AllocateUninitializedArray<byte>(SizeBytes, pinned: true);
        try
        {
            var line = text.AsSpan().TrimEnd("\r\n"u8);
            return line.Length == Base64.GetMaxEncodedToUtf8Length(SizeBytes)
                && Base64.DecodeFromUtf8(line, master, out _, out var written) == System.Buffers.OperationStatus.Done
                && written == SizeBytes
                    ? new PseudonymKeyFile(master)
                    : throw new DeliveryClientException(ClientReasons.KeyFile, Path.GetFileName(file));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <summary>Writes the key to a new file of mode 0600.</summary>
    /// <exception cref="DeliveryClientException">The file exists already or cannot be written.</exception>
    public void Save(string file)
    {
        var text = Encoding.ASCII.GetBytes(Convert.ToBase64String(_master) + "\n");
        SecretFile.Write(file, text);
        CryptographicOperations.ZeroMemory(text);
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_master);
}
