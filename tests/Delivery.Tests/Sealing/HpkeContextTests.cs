using System.Security.Cryptography;
using Delivery.Protocol.Sealing;

namespace Delivery.Tests.Sealing;

public class HpkeContextTests
{
    private static readonly byte[] _message = "750308-4001;Dansk;67"u8.ToArray();

    [Theory, P256Suite, HybridSuite]
    public void Keys_survive_their_files(HpkeSuite suite)
    {
        using var key = HpkePrivateKey.Generate(suite);
        using var again = HpkePrivateKey.Import(suite, key.Export());
        Assert.Equal(key.PublicKey.Bytes.ToArray(), again.PublicKey.Bytes.ToArray());
        Assert.Equal(key.PublicKey.Id.ToArray(), HpkePublicKey.Import(suite, key.PublicKey.Bytes).Id.ToArray());
        Assert.Equal(32, key.Export().Length);
    }

    [Theory, P256Suite, HybridSuite]
    public void A_disposed_key_opens_nothing(HpkeSuite suite)
    {
        var key = HpkePrivateKey.Generate(suite);
        using var sender = HpkeSender.Setup(key.PublicKey, []);
        var encapsulation = sender.Encapsulation.ToArray();
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => HpkeReceiver.Setup(key, encapsulation, []));
        Assert.Throws<ObjectDisposedException>(key.Export);
    }

    [Fact]
    public void A_P256_key_id_is_the_digest_of_what_a_certificate_holds()
    {
        using var key = HpkePrivateKey.Generate(HpkeSuite.P256);
        var point = key.PublicKey.Bytes.ToArray();
        using var platform = ECDiffieHellman.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = point[1..33], Y = point[33..] },
        });
        Assert.Equal(SHA256.HashData(platform.ExportSubjectPublicKeyInfo()), key.PublicKey.Id.ToArray());
    }

    [Fact]
    public void A_hybrid_key_id_is_known_without_ML_KEM()
    {
        var raw = new byte[1249];
        Assert.Equal(SHA256.HashData([0, 2, .. raw]), HpkePublicKey.IdOf(HpkeSuite.MlKem768P256, raw));
    }

    [Theory, P256Suite, HybridSuite]
    public void Sealing_and_opening_in_place_works(HpkeSuite suite)
    {
        using var pair = new Pair(suite);
        var buffer = new byte[_message.Length + Hpke.TagSize];
        _message.CopyTo(buffer, 0);
        pair.Sender.Seal("aad"u8, buffer.AsSpan(0, _message.Length), buffer);
        Assert.NotEqual(_message, buffer[.._message.Length]);
        pair.Receiver.Open("aad"u8, buffer, buffer.AsSpan(0, _message.Length));
        Assert.Equal(_message, buffer[.._message.Length]);
    }

    [Theory, P256Suite, HybridSuite]
    public void A_failed_opening_leaves_no_plaintext_and_kills_the_context(HpkeSuite suite)
    {
        using var pair = new Pair(suite);
        var first = pair.Seal();
        var second = pair.Seal();
        var destination = new byte[_message.Length];
        first[^1] ^= 1;
        Assert.ThrowsAny<CryptographicException>(() => pair.Receiver.Open("aad"u8, first, destination));
        Assert.All(destination, value => Assert.Equal(0, value));
        Assert.True(pair.Receiver.IsDead);

        first[^1] ^= 1;
        Assert.Throws<ObjectDisposedException>(() => pair.Receiver.Open("aad"u8, first, destination));
        Assert.Throws<ObjectDisposedException>(() => pair.Receiver.Open("aad"u8, second, destination));
        Assert.Throws<ObjectDisposedException>(() => pair.Receiver.Export("label"u8, 32));
    }

    [Theory, P256Suite, HybridSuite]
    public void Neither_more_messages_nor_more_bytes_than_the_limit_pass(HpkeSuite suite)
    {
        using var byCount = new Pair(suite, new HpkeLimits(MessagesMax: 3, BytesMax: long.MaxValue));
        for (var i = 0; i < 3; i++)
        {
            byCount.Open(byCount.Seal());
        }

        Assert.Throws<CryptographicException>(() => byCount.Seal());
        Assert.True(byCount.Sender.IsDead);

        using var bySize = new Pair(suite, new HpkeLimits(MessagesMax: 100, BytesMax: (2 * _message.Length) + 1));
        bySize.Seal();
        bySize.Seal();
        Assert.False(bySize.Sender.HasRoomFor(1, 2));
        Assert.Throws<CryptographicException>(() => bySize.Seal());
    }

    [Fact]
    public void A_context_carries_a_million_messages_and_no_more()
    {
        using var pair = new Pair(HpkeSuite.P256);
        var buffer = new byte[Hpke.TagSize];
        for (var i = 0; i < 1 << 20; i++)
        {
            pair.Sender.Seal([], [], buffer);
        }

        Assert.Throws<CryptographicException>(() => pair.Sender.Seal([], [], buffer));
        Assert.Equal(1L << 36, HpkeLimits.Default.BytesMax);
    }

    [Fact]
    public void Points_off_the_curve_and_other_shapes_are_refused()
    {
        using var key = HpkePrivateKey.Generate(HpkeSuite.P256);
        var good = key.PublicKey.Bytes.ToArray();
        foreach (var bad in MalformedPoints(good))
        {
            Assert.ThrowsAny<CryptographicException>(() => HpkePublicKey.Import(HpkeSuite.P256, bad));
            Assert.ThrowsAny<CryptographicException>(() => HpkeReceiver.Setup(key, bad, []));
        }
    }

    [HybridFact]
    public void Hybrid_keys_with_a_bad_half_are_refused()
    {
        using var key = HpkePrivateKey.Generate(HpkeSuite.MlKem768P256);
        var good = key.PublicKey.Bytes.ToArray();
        foreach (var point in MalformedPoints(good.AsSpan(1184).ToArray()).Where(point => point.Length == 65))
        {
            Assert.ThrowsAny<CryptographicException>(() => HpkePublicKey.Import(HpkeSuite.MlKem768P256, [.. good[..1184], .. point]));
        }

        // FIPS 203 section 7.2: a coefficient at or above the modulus is no key.
        byte[] unreduced = [0xff, 0xff, 0xff, .. good[3..]];
        Assert.ThrowsAny<CryptographicException>(() => HpkePublicKey.Import(HpkeSuite.MlKem768P256, unreduced));
        Assert.ThrowsAny<CryptographicException>(() => HpkePublicKey.Import(HpkeSuite.MlKem768P256, good.AsSpan(1)));
    }

    [Fact]
    public void Scalars_outside_the_group_are_refused()
    {
        var order = Convert.FromHexString("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
        Assert.ThrowsAny<CryptographicException>(() => HpkePrivateKey.Import(HpkeSuite.P256, new byte[32]));
        Assert.ThrowsAny<CryptographicException>(() => HpkePrivateKey.Import(HpkeSuite.P256, order));
        Assert.ThrowsAny<CryptographicException>(() => HpkePrivateKey.Import(HpkeSuite.P256, new byte[31]));
        order[^1]--;
        HpkePrivateKey.Import(HpkeSuite.P256, order).Dispose();
    }

    [Fact]
    public void A_suite_without_a_name_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => HpkePrivateKey.Generate(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => HpkePublicKey.Import((HpkeSuite)3, new byte[65]));
    }

    internal static IEnumerable<byte[]> MalformedPoints(byte[] good)
    {
        yield return [];
        yield return good[..64];
        yield return [.. good, 0];
        yield return new byte[65];
        yield return [0x04, .. new byte[64]];
        yield return [0x02, .. good[1..]];
        yield return [0x02, .. good[1..33]];
        yield return [.. good[..64], (byte)(good[64] ^ 1)];
        yield return [0x04, .. Enumerable.Repeat((byte)0xff, 64)];
    }

    private sealed class Pair : IDisposable
    {
        private readonly HpkePrivateKey _recipient;

        public Pair(HpkeSuite suite, HpkeLimits? limits = null)
        {
            _recipient = HpkePrivateKey.Generate(suite);
            Sender = HpkeSender.Setup(_recipient.PublicKey, "info"u8, limits);
            Receiver = HpkeReceiver.Setup(_recipient, Sender.Encapsulation, "info"u8, limits: limits);
        }

        public HpkeSender Sender { get; }

        public HpkeReceiver Receiver { get; }

        public byte[] Seal()
        {
            var sealedMessage = new byte[_message.Length + Hpke.TagSize];
            Sender.Seal("aad"u8, _message, sealedMessage);
            return sealedMessage;
        }

        public void Open(byte[] sealedMessage)
        {
            var opened = new byte[_message.Length];
            Receiver.Open("aad"u8, sealedMessage, opened);
            Assert.Equal(_message, opened);
        }

        public void Dispose()
        {
            Sender.Dispose();
            Receiver.Dispose();
            _recipient.Dispose();
        }
    }
}
