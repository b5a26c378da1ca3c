using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Delivery.Protocol.Sealing;

/// <summary>
/// The digest of one batch: SHA-256(salt ‖ batch index u64 ‖ row count u32 ‖ plaintext). It depends on no other batch, so
/// batches can be hashed on several cores; safe for concurrent use. Over plaintext, so that a resumed stream, sealed
/// under another key, continues the same digests; salted, because the running digest is public and a short extract is
/// guessable (docs/decisions/0003-salted-running-digest.md).
/// </summary>
internal static class BatchDigest
{
    public const int Size = 32;
    public const int SaltSize = 32;

    // Kept per thread, so that hashing a batch allocates nothing.
    [ThreadStatic]
    private static IncrementalHash? _hash;

    public static void Compute(
        ReadOnlySpan<byte> salt, long batchIndex, int rowCount, ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batchIndex);
        ArgumentOutOfRangeException.ThrowIfNegative(rowCount);
        ArgumentOutOfRangeException.ThrowIfNotEqual(salt.Length, SaltSize);
        Span<byte> head = stackalloc byte[SaltSize + sizeof(ulong) + sizeof(uint)];
        salt.CopyTo(head);
        BinaryPrimitives.WriteUInt64BigEndian(head[SaltSize..], (ulong)batchIndex);
        BinaryPrimitives.WriteUInt32BigEndian(head[(SaltSize + sizeof(ulong))..], (uint)rowCount);

        var hash = _hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head);
        hash.AppendData(plaintext);
        hash.GetHashAndReset(destination);
    }
}

/// <summary>
/// The digest of all batches so far: D_0 = SHA-256("delivery/v1 list" ‖ salt), D_{i+1} = SHA-256(D_i ‖ d_i). Thirty-two bytes
/// are all a resumed call has to carry. Batch digests are appended in order, by one thread at a time.
/// </summary>
internal sealed class RunningDigest
{
    private readonly byte[] _current = new byte[BatchDigest.Size];

    /// <summary>Continues from a known digest.</summary>
    public RunningDigest(long batches, ReadOnlySpan<byte> current)
    {
        Batches = batches;
        current.CopyTo(_current);
    }

    /// <summary>Starts before the first batch.</summary>
    public RunningDigest(ReadOnlySpan<byte> salt) => SHA256.HashData([.. "delivery/v1 list"u8, .. salt], _current);

    /// <summary>Batches covered, counted from the start of the extract.</summary>
    public long Batches { get; private set; }

    public ReadOnlySpan<byte> Current => _current;

    public void Append(ReadOnlySpan<byte> batchDigest)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(batchDigest.Length, BatchDigest.Size);
        Span<byte> pair = stackalloc byte[2 * BatchDigest.Size];
        _current.CopyTo(pair);
        batchDigest.CopyTo(pair[BatchDigest.Size..]);
        SHA256.HashData(pair, _current);
        Batches++;
    }
}
