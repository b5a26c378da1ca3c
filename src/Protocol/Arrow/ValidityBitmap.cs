using System.Buffers.Binary;
using System.Numerics;

namespace Delivery.Protocol.Arrow;

/// <summary>
/// Bitmaps that tell which rows have a value: bit (row mod 8) of byte (row / 8) is 1. Bits past the last row are zero in
/// everything Delivery writes and are ignored in everything it reads.
/// </summary>
internal static class ValidityBitmap
{
    public static int LengthBytes(int rowCount) => (int)(((long)rowCount + 7) / 8);

    public static bool IsSet(ReadOnlySpan<byte> bitmap, int row) => (bitmap[row >> 3] >> (row & 7) & 1) != 0;

    public static void Set(Span<byte> bitmap, int row) => bitmap[row >> 3] |= (byte)(1 << (row & 7));

    /// <summary>How many of the first <paramref name="rowCount"/> rows have no value.</summary>
    public static int CountNulls(ReadOnlySpan<byte> bitmap, int rowCount)
    {
        var set = 0;
        var whole = bitmap[..(rowCount / 8)];
        while (whole.Length >= 8)
        {
            set += BitOperations.PopCount(BinaryPrimitives.ReadUInt64LittleEndian(whole));
            whole = whole[8..];
        }

        foreach (var bits in whole)
        {
            set += BitOperations.PopCount(bits);
        }

        return rowCount - set - BitOperations.PopCount(TailBits(bitmap, rowCount));
    }

    /// <summary>How many of the chosen rows have no value; an empty bitmap means every row has one.</summary>
    public static int CountNulls(ReadOnlySpan<byte> bitmap, ReadOnlySpan<int> rows)
    {
        if (bitmap.IsEmpty)
        {
            return 0;
        }

        var set = 0;
        foreach (var row in rows)
        {
            set += bitmap[row >> 3] >> (row & 7) & 1;
        }

        return rows.Length - set;
    }

    /// <summary>Copies the bits of the chosen rows, in their order, into a bitmap of <c>LengthBytes(rows.Length)</c>.</summary>
    public static void Gather(ReadOnlySpan<byte> bitmap, ReadOnlySpan<int> rows, Span<byte> destination)
    {
        destination = destination[..LengthBytes(rows.Length)];
        for (var index = 0; index < destination.Length; index++)
        {
            var eight = rows.Slice(8 * index, Math.Min(8, rows.Length - (8 * index)));
            var bits = 0;
            for (var bit = 0; bit < eight.Length; bit++)
            {
                bits |= (bitmap[eight[bit] >> 3] >> (eight[bit] & 7) & 1) << bit;
            }

            destination[index] = (byte)bits;
        }
    }

    /// <summary>Zeroes the bits past the last row.</summary>
    public static void ClearTail(Span<byte> bitmap, int rowCount)
    {
        if (rowCount % 8 != 0)
        {
            bitmap[rowCount / 8] = (byte)TailBits(bitmap, rowCount);
        }
    }

    /// <summary>
    /// Zeroes the values of null rows, so that what a null hides never leaves and equal content is equal bytes.
    /// </summary>
    public static void ClearNullValues(ReadOnlySpan<byte> bitmap, int rowCount, Span<byte> values, int widthBytes)
    {
        for (var start = 0; start < rowCount; start += 8)
        {
            // Columns are mostly whole or mostly empty, so rows are answered 64 at a time where they agree.
            if (start + 64 <= rowCount && BinaryPrimitives.ReadUInt64LittleEndian(bitmap[(start >> 3)..]) is var bits and (0 or ulong.MaxValue))
            {
                if (bits == 0)
                {
                    values.Slice(start * widthBytes, 64 * widthBytes).Clear();
                }

                start += 56;
                continue;
            }

            var rows = Math.Min(8, rowCount - start);
            var nulls = ~bitmap[start >> 3] & ((1 << rows) - 1);
            if (nulls == 0)
            {
                continue;
            }

            if (BitOperations.PopCount((uint)nulls) == rows)
            {
                values.Slice(start * widthBytes, rows * widthBytes).Clear();
                continue;
            }

            for (; nulls != 0; nulls &= nulls - 1)
            {
                values.Slice((start + BitOperations.TrailingZeroCount(nulls)) * widthBytes, widthBytes).Clear();
            }
        }
    }

    private static uint TailBits(ReadOnlySpan<byte> bitmap, int rowCount) =>
        rowCount % 8 == 0 ? 0 : bitmap[rowCount / 8] & ((1u << (rowCount % 8)) - 1);
}
