using System.Security.Cryptography;
using Delivery.Protocol.Sealing;

namespace Delivery.Tests.Sealing;

public class KeyWrapTests
{
    private const string Partition = "nationale-test/2025-26";

    [Fact]
    public void A_wrapped_key_opens_what_the_key_sealed()
    {
        using var wrapping = DataKey.Generate();
        var (key, wrapped) = KeyWrap.Create(wrapping, Partition, "kek-1");
        using var again = KeyWrap.Unwrap(wrapping, wrapped, Partition, "kek-1");
        AssertSameKey(key, again);
        key.Dispose();
    }

    [Fact]
    public void A_wrapped_key_opens_for_no_other_partition_key_id_or_key()
    {
        using var wrapping = DataKey.Generate();
        using var other = DataKey.Generate();
        var (key, wrapped) = KeyWrap.Create(wrapping, Partition, "kek-1");
        key.Dispose();
        Assert.ThrowsAny<CryptographicException>(() => KeyWrap.Unwrap(wrapping, wrapped, Partition + "x", "kek-1"));
        Assert.ThrowsAny<CryptographicException>(() => KeyWrap.Unwrap(wrapping, wrapped, Partition, "kek-2"));
        Assert.ThrowsAny<CryptographicException>(() => KeyWrap.Unwrap(other, wrapped, Partition, "kek-1"));
        Assert.ThrowsAny<CryptographicException>(() => KeyWrap.Unwrap(wrapping, wrapped.AsSpan(0, 71), Partition, "kek-1"));
    }

    [Fact]
    public void Letters_cannot_move_between_partition_and_key_id()
    {
        using var wrapping = DataKey.Generate();
        var (key, wrapped) = KeyWrap.Create(wrapping, "ab", "c");
        key.Dispose();
        Assert.ThrowsAny<CryptographicException>(() => KeyWrap.Unwrap(wrapping, wrapped, "a", "bc"));
    }

    [Fact]
    public void Rotation_keeps_the_data_key_and_ends_the_old_wrapping()
    {
        using var old = DataKey.Generate();
        using var next = DataKey.Generate();
        var (key, wrapped) = KeyWrap.Create(old, Partition, "kek-1");
        var rewrapped = KeyWrap.Rewrap((old, "kek-1"), (next, "kek-2"), wrapped, Partition);
        using var again = KeyWrap.Unwrap(next, rewrapped, Partition, "kek-2");
        AssertSameKey(key, again);
        Assert.ThrowsAny<CryptographicException>(() => KeyWrap.Unwrap(old, rewrapped, Partition, "kek-2"));
        key.Dispose();
    }

    private static void AssertSameKey(DataKey one, DataKey other)
    {
        var blob = new byte[3 + XaesGcm.Overhead];
        XaesGcm.Seal(one, [1, 2, 3], [], blob);
        var opened = new byte[3];
        XaesGcm.Open(other, blob, [], opened);
        Assert.Equal([1, 2, 3], opened);
    }
}
