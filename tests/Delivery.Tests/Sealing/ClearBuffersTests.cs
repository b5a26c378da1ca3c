using Delivery.Protocol.Sealing;

namespace Delivery.Tests.Sealing;

public class ClearBuffersTests
{
    // Larger than any batch, so that no other test meets these arrays.
    private const int Length = 40 << 20;

    [Fact]
    public void What_was_in_an_array_is_gone_when_it_comes_back()
    {
        var array = ClearBuffers.Rent(Length);
        array.AsSpan().Fill(0xA5);

        ClearBuffers.Return(array, Length);

        Assert.True(array.AsSpan(0, Length).IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void An_array_has_one_renter_at_a_time()
    {
        var rented = Enumerable.Range(0, 64).AsParallel().Select(_ => ClearBuffers.Rent(1 << 10)).ToList();
        rented.ForEach(array => ClearBuffers.Return(array, 1 << 10));
        var again = Enumerable.Range(0, 64).AsParallel().Select(_ => ClearBuffers.Rent(1 << 10)).ToList();

        Assert.Equal(again.Count, again.Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    [Fact]
    public void An_array_is_as_long_as_was_asked_for()
    {
        foreach (var length in new[] { 0, 1, 256 << 10, (256 << 10) + 1, 5_000_000 })
        {
            var array = ClearBuffers.Rent(length);
            Assert.True(array.Length >= length);
            ClearBuffers.Return(array, length);
        }
    }

    [Fact]
    public void What_is_kept_is_bounded()
    {
        var rented = Enumerable.Range(0, 100).Select(_ => ClearBuffers.Rent(3 << 20)).ToList();
        var weak = rented.ConvertAll(array => new WeakReference(array));
        rented.ForEach(array => ClearBuffers.Return(array, array.Length));
        rented.Clear();
        GC.Collect();

        Assert.True(weak.Count(reference => reference.IsAlive) < 40);
    }
}
