using System.Security.Cryptography;

namespace Delivery.Protocol.Sealing;

/// <summary>
/// Wraps the data key of one partition under the key-encryption key. The wrapping names the partition and the
/// key-encryption key, so a wrapped key moved to another row, or opened under another generation, does not open.
/// Rotation re-wraps data keys and touches no data; deleting the wrapped key deletes the partition's data.
/// </summary>
internal static class KeyWrap
{
    /// <summary>Nonce 24, sealed key 32, tag 16.</summary>
    public const int WrappedSize = DataKey.Size + XaesGcm.Overhead;

    /// <summary>Makes a new data key and its wrapped form. The caller disposes the key.</summary>
    public static (DataKey Key, byte[] Wrapped) Create(DataKey wrappingKey, string partition, string wrappingKeyId)
    {
        Span<byte> key = stackalloc byte[DataKey.Size];
        RandomNumberGenerator.Fill(key);
        try
        {
            return (new DataKey(key), Wrap(wrappingKey, key, partition, wrappingKeyId));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    public static byte[] Wrap(DataKey wrappingKey, ReadOnlySpan<byte> key, string partition, string wrappingKeyId)
    {
        if (key.Length != DataKey.Size)
        {
            throw new ArgumentException("A data key has 32 bytes.", nameof(key));
        }

        var wrapped = new byte[WrappedSize];
        XaesGcm.Seal(wrappingKey, key, AdditionalData(partition, wrappingKeyId), wrapped);
        return wrapped;
    }

    /// <exception cref="CryptographicException">Wrapped under another key, for another partition, or altered.</exception>
    public static DataKey Unwrap(DataKey wrappingKey, ReadOnlySpan<byte> wrapped, string partition, string wrappingKeyId)
    {
        Span<byte> key = stackalloc byte[DataKey.Size];
        try
        {
            UnwrapInto(wrappingKey, wrapped, partition, wrappingKeyId, key);
            return new DataKey(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>The same data key under a new key-encryption key.</summary>
    /// <exception cref="CryptographicException">The old wrapping does not open.</exception>
    public static byte[] Rewrap(
        (DataKey Key, string Id) from, (DataKey Key, string Id) to, ReadOnlySpan<byte> wrapped, string partition)
    {
        Span<byte> key = stackalloc byte[DataKey.Size];
        try
        {
            UnwrapInto(from.Key, wrapped, partition, from.Id, key);
            return Wrap(to.Key, key, partition, to.Id);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static void UnwrapInto(
        DataKey wrappingKey, ReadOnlySpan<byte> wrapped, string partition, string wrappingKeyId, Span<byte> key)
    {
        if (wrapped.Length != WrappedSize)
        {
            throw new CryptographicException($"A wrapped key has {WrappedSize} bytes; this one has {wrapped.Length}.");
        }

        XaesGcm.Open(wrappingKey, wrapped, AdditionalData(partition, wrappingKeyId), key);
    }

    private static ReadOnlySpan<byte> AdditionalData(string partition, string wrappingKeyId)
    {
        // Lengths stand before the names, so that no two pairs of names read as the same bytes.
        var layout = new LayoutWriter(new byte[128 + (3 * (partition.Length + wrappingKeyId.Length))]);
        layout.Bytes("delivery/v1 data key"u8);
        layout.Text16(partition);
        layout.Text16(wrappingKeyId);
        return layout.Written;
    }
}
