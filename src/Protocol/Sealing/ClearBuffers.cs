using System.Security.Cryptography;

namespace Delivery.Protocol.Sealing;

/// <summary>
/// Arrays for batches in the clear: rented, wiped when they come back, and kept for the next batch within a bound. The shared array pool would
/// keep some for every thread and core that ever returned one, which for arrays of this size is hundreds of MiB. Threads may share it.
/// </summary>
internal static class ClearBuffers
{
    // Together with StepBytes: what a few streams in flight use. Beyond it an array goes to the garbage collector.
    private const int KeptMax = 12;

    // Lengths are rounded up to this, so that batches of nearly equal size fit each other's arrays.
    private const int StepBytes = 256 << 10;

    // An array this many times too large is left for a batch that needs it.
    private const int SlackMax = 8;

    private static readonly byte[]?[] Kept = new byte[KeptMax][];

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
    }

    private static bool Fits(byte[] array, int length) => array.Length >= length && array.Length / SlackMax <= Math.Max(length, StepBytes);
}
