using System.Security.Cryptography;

namespace Delivery.Protocol.Sealing;

/// <summary>
/// One 256-bit key for data at rest, made ready once for the thousands of blobs sealed under it: it keeps the AES key
/// schedule and the CMAC subkey from which XAES-256-GCM derives each blob's own key. Safe for concurrent use: the shared
/// cipher sits behind a lock held for two AES blocks; bulk work happens in an <see cref="AesGcm"/> of the operation's own.
/// The owner disposes it when no operation is under way.
/// </summary>
internal sealed class DataKey : IDisposable
{
    public const int Size = 32;

    private const int BlockSize = 16;

    // The feedback of doubling in GF(2^128), NIST SP 800-38B section 5.3.
    private const byte Doubling = 0x87;

    private readonly Lock _gate = new();
    private readonly Aes _aes;
    private readonly ICryptoTransform _blocks;
    private readonly byte[] _subkey;
    private readonly byte[] _input = new byte[2 * BlockSize];
    private readonly byte[] _output = GC.AllocateArray<byte>(2 * BlockSize, pinned: true);

    /// <param name="key">32 bytes, copied; the caller clears its own.</param>
    public DataKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != Size)
        {
            throw new ArgumentException("A data key has 32 bytes.", nameof(key));
        }

        var copy = GC.AllocateUninitializedArray<byte>(Size, pinned: true);
        key.CopyTo(copy);
        _aes = Aes.Create();
        _aes.Mode = CipherMode.ECB;
        _aes.Padding = PaddingMode.None;
        _aes.Key = copy;
        CryptographicOperations.ZeroMemory(copy);
        _blocks = _aes.CreateEncryptor();
        _subkey = Subkey();
    }

    /// <summary>A new key from the system's random generator.</summary>
    public static DataKey Generate()
    {
        Span<byte> key = stackalloc byte[Size];
        RandomNumberGenerator.Fill(key);
        var dataKey = new DataKey(key);
        CryptographicOperations.ZeroMemory(key);
        return dataKey;
    }

    /// <summary>
    /// The AES-256-GCM key XAES derives from the first 12 nonce bytes: CMAC of two counter blocks, the key derivation of NIST
    /// SP 800-108r1 with the inputs c2sp.org/XAES-256-GCM fixes.
    /// </summary>
    public void Derive(ReadOnlySpan<byte> noncePrefix, Span<byte> derived)
    {
        lock (_gate)
        {
            for (var block = 0; block < 2; block++)
            {
                var input = _input.AsSpan(block * BlockSize, BlockSize);
                input[0] = 0x00;
                input[1] = (byte)(block + 1);
                input[2] = (byte)'X';
                input[3] = 0x00;
                noncePrefix.CopyTo(input[4..]);
                for (var i = 0; i < BlockSize; i++)
                {
                    input[i] ^= _subkey[i];
                }
            }

            _blocks.TransformBlock(_input, 0, _input.Length, _output, 0);
            _output.CopyTo(derived);
        }
    }

    public void Dispose()
    {
        _blocks.Dispose();
        _aes.Dispose();
        CryptographicOperations.ZeroMemory(_subkey);
        CryptographicOperations.ZeroMemory(_output);
    }

    private byte[] Subkey()
    {
        var subkey = GC.AllocateArray<byte>(BlockSize, pinned: true);
        _blocks.TransformBlock(new byte[BlockSize], 0, BlockSize, subkey, 0);
        var carry = subkey[0] >> 7;
        for (var i = 0; i < BlockSize - 1; i++)
        {
            subkey[i] = (byte)((subkey[i] << 1) | (subkey[i + 1] >> 7));
        }

        subkey[^1] = (byte)((subkey[^1] << 1) ^ (carry * Doubling));
        return subkey;
    }
}
