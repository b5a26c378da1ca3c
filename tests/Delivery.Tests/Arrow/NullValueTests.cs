using Delivery.Protocol.Arrow;

namespace Delivery.Tests.Arrow;

public class NullValueTests
{
    private const int WidthBytes = 8;

    [Fact]
    public void Values_under_a_null_become_zero_and_no_other()
    {
        var random = new Random(5);
        foreach (var rows in new[] { 0, 1, 7, 8, 9, 63, 64, 65, 71, 127, 128, 200, 1000 })
        {
            foreach (var shareOfNulls in new[] { 0.0, 0.01, 0.5, 0.99, 1.0 })
            {
                Check(random, rows, shareOfNulls);
            }
        }
    }

    private static void Check(Random random, int rows, double shareOfNulls)
    {
        var bitmap = new byte[ValidityBitmap.LengthBytes(rows)];
        var values = new byte[rows * WidthBytes];
        values.AsSpan().Fill(0xEE);
        var expected = values.ToArray();
        for (var row = 0; row < rows; row++)
        {
            // In runs, as stored columns have them, so that whole words of one kind occur.
            var isNull = row % 96 < 80 ? shareOfNulls >= 0.5 : random.NextDouble() < shareOfNulls;
            if (isNull)
            {
                expected.AsSpan(row * WidthBytes, WidthBytes).Clear();
            }
            else
            {
                ValidityBitmap.Set(bitmap, row);
            }
        }

        ValidityBitmap.ClearNullValues(bitmap, rows, values, WidthBytes);

        Assert.Equal(expected, values);
    }
}
