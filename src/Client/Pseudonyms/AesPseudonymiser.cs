using System.Security.Cryptography;
using System.Text;
using Delivery.Client.Keys;

namespace Delivery.Client.Pseudonyms;

/// <summary>
/// The built-in pseudonyms: AES-256 as a permutation on one block per identifier, so that no two identifiers ever share a
/// pseudonym. Stable across deliveries within a domain, unrelated between domains. One owner at a time.
/// </summary>
/// <remarks>
/// Key: HKDF-SHA256 (RFC 5869) without salt over the master key, info <c>pnr-v1</c> ‖ 0x00 ‖ domain. Block: the ten ASCII
/// characters, type byte 1, five zeros. A whole column is one call to the cipher: 7–8 ns a row.
/// </remarks>
public sealed class AesPseudonymiser : IPseudonymiser, IDisposable
{
    /// <summary>Bytes of an identifier.</summary>
    public const int IdentifierSize = 10;

    /// <summary>Bytes of a pseudonym.</summary>
    public const int PseudonymSize = 16;

    private const byte CprType = 1;

    private readonly Aes _aes = Aes.Create();

    /// <summary>Derives the domain's key.</summary>
    /// <param name="master">The master key; stays the caller's and is not kept.</param>
    /// <param name="domain">
    /// What pseudonyms are comparable within: a project id, or a name of Statistics Denmark's own for a wider domain. Never
    /// something that changes between deliveries.
    /// </param>
    public AesPseudonymiser(PseudonymKeyFile master, string domain)
    {
        ArgumentNullException.ThrowIfNull(master);
        ArgumentException.ThrowIfNullOrEmpty(domain);
        Span<byte> key = stackalloc byte[32];
        byte[] info = [.. "pnr-v1"u8, 0, .. Encoding.UTF8.GetBytes(domain)];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master.Master, key, salt: [], info);
        _aes.SetKey(key);
        CryptographicOperations.ZeroMemory(key);
        byte[] name = [.. "pnr-v1 name"u8, 0, .. Encoding.UTF8.GetBytes(domain)];
        MappingId = Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, master.Master.ToArray(), PseudonymSize, salt: [], name));
    }

    /// <inheritdoc/>
    public string MappingId { get; }

    /// <inheritdoc/>
    public void Pseudonymise(ReadOnlySpan<byte> identifiers, Span<byte> pseudonyms)
    {
        var rows = identifiers.Length / IdentifierSize;
        if (identifiers.Length != rows * IdentifierSize || pseudonyms.Length != rows * PseudonymSize)
        {
            throw new ArgumentException("There are ten bytes in and sixteen bytes out for each row.");
        }

        try
        {
            pseudonyms.Clear();
            for (var row = 0; row < rows; row++)
            {
                var block = pseudonyms.Slice(row * PseudonymSize, PseudonymSize);
                identifiers.Slice(row * IdentifierSize, IdentifierSize).CopyTo(block);
                block[IdentifierSize] = CprType;
            }

            _aes.EncryptEcb(pseudonyms, pseudonyms, PaddingMode.None);
        }
        catch
        {
            // What stands there now are identifiers.
            pseudonyms.Clear();
            throw;
        }
    }

    /// <summary>Forgets the key.</summary>
    public void Dispose() => _aes.Dispose();
}
