using System.Security.Cryptography;

namespace Delivery.Protocol.Sealing;

/// <summary>
/// Arrays for batches in the clear: rented, wiped when they come back, and kept for the next batch within a bound. The shared array pool would
/// keep some for every thread and core that ever returned one. Threads may share it.
/// </summary>
/// <remarks>
/// As many arrays are kept as a few streams use. Further ones are kept only until the garbage collector next looks at arrays of this size, which it
/// seldom does: without that, many streams at once would make new ones all the time and fill memory before it looks.
/// </remarks>
internal static class ClearBuffers
{
    // What a few streams in flight use; one stream never rents more than ten at once.
    private const int KeptMax = 24;

    // What as many streams use as one server is asked for at once.
    private const int KeptUntilCollectedMax = 512;

    // Lengths are rounded up to this, so that batches of nearly equal size fit each other's arrays.
    private const int StepBytes = 256 << 10;

    // An array this many times too large is left for a batch that needs it.
    private const int SlackMax = 8;

    private static readonly byte[]?[] Kept = new byte[KeptMax][];
    private static readonly WeakReference<byte[]>?[] KeptUntilCollected = new WeakReference<byte[]>[KeptUntilCollectedMax];

    /// <summary>An array of at least this length, holding anything.</summary>
    public static byte[] Rent(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        for (var slot = 0; slot < KeptMax; slot++)
        {
            var array = Volatile.Read(ref Kept[slot]);
            if (array is not null && Fits(array, length) && Interlocked.CompareExchange(ref Kept[slot], null, array) == array)
            {
                return array;
            }
        }

        for (var slot = 0; slot < KeptUntilCollectedMax; slot++)
        {
            // Who takes the reference out of its slot is the only one to have it, and with it the array.
            var reference = Volatile.Read(ref KeptUntilCollected[slot]);
            if (reference is not null && (!reference.TryGetTarget(out var array) || Fits(array, length))
                && Interlocked.CompareExchange(ref KeptUntilCollected[slot], null, reference) == reference && array is not null)
            {
                return array;
            }
        }

        return GC.AllocateUninitializedArray<byte>((int)Math.Min(Array.MaxLength, ((long)length + StepBytes - 1) / StepBytes * StepBytes));
    }

    /// <summary>Takes an array back; nobody refers to it any more. Its first <paramref name="used"/> bytes are wiped, the others hold nothing of the renter's.</summary>
    public static void Return(byte[] array, int used)
    {
        CryptographicOperations.ZeroMemory(array.AsSpan(0, used));
        for (var slot = 0; slot < KeptMax; slot++)
        {
            if (Interlocked.CompareExchange(ref Kept[slot], array, null) is null)
            {
                return;
            }
        }

        var reference = new WeakReference<byte[]>(array);
        for (var slot = 0; slot < KeptUntilCollectedMax; slot++)
        {
            if (Interlocked.CompareExchange(ref KeptUntilCollected[slot], reference, null) is null)
            {
                return;
            }
        }
    }

    private static bool Fits(byte[] array, int length) => array.Length >= length && array.Length / SlackMax <= Math.Max(length, StepBytes);
}
