using System.Security.Cryptography;
using System.Text;
using Delivery.Protocol.Sealing;
using FsCheck;
using FsCheck.Fluent;

namespace Delivery.Tests.Sealing;

public class XaesGcmTests
{
    [Fact]
    public void Both_vectors_of_C2SP_hold()
    {
        foreach (var vector in Vectors.Of("xaes-256-gcm.json").Take(2))
        {
            var fill = Convert.FromHexString(vector.GetProperty("key").GetString()![..2])[0];
            using var key = new DataKey(Enumerable.Repeat(fill, DataKey.Size).ToArray());
            var nonce = Ascii(vector.GetProperty("nonce").GetString()!);
            var plaintext = Ascii(vector.GetProperty("plaintext").GetString()!);
            var aad = Ascii(vector.GetProperty("aad").GetString()!);
            var output = new byte[plaintext.Length + XaesGcm.TagSize];

            XaesGcm.SealWithNonce(key, nonce, plaintext, aad, output);
            Assert.Equal(vector.Hex("sealed_hex"), output);

            var opened = new byte[plaintext.Length];
            XaesGcm.Open(key, [.. nonce, .. output], aad, opened);
            Assert.Equal(plaintext, opened);
        }
    }

    [Fact]
    public void Ten_thousand_accumulated_sealings_are_those_of_C2SP()
    {
        var accumulated = Vectors.Of("xaes-256-gcm.json")[2].GetProperty("accumulated");
        var iterations = accumulated.Number("iterations");

        // All of the input at once: reading it piecemeal needs a later OpenSSL than Debian 12 has.
        var input = Shake128.HashData([], iterations * (DataKey.Size + XaesGcm.NonceSize + (2 * 256)));
        using var output = new Shake128();
        var at = 0;
        for (var i = 0; i < iterations; i++)
        {
            using var key = new DataKey(Next(DataKey.Size));
            var nonce = Next(XaesGcm.NonceSize);
            var plaintext = Next(Next(1)[0]);
            var aad = Next(Next(1)[0]);
            var ciphertext = new byte[plaintext.Length + XaesGcm.TagSize];
            XaesGcm.SealWithNonce(key, nonce, plaintext, aad, ciphertext);
            output.AppendData(ciphertext);
        }

        Assert.Equal(accumulated.Hex("expected_hex"), output.GetHashAndReset(32));

        byte[] Next(int length)
        {
            at += length;
            return input[(at - length)..at];
        }
    }

    [Fact]
    public void What_was_sealed_opens_and_only_under_its_own_additional_data()
    {
        using var key = DataKey.Generate();
        Prop.ForAll<byte[], byte[]>((plaintext, aad) =>
        {
            var blob = Seal(key, plaintext, aad);
            var opened = new byte[plaintext.Length];
            XaesGcm.Open(key, blob, aad, opened);
            return opened.AsSpan().SequenceEqual(plaintext) && Refuses(key, blob, [.. aad, 0]);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Every_altered_bit_is_noticed()
    {
        using var key = DataKey.Generate();
        var blob = Seal(key, "750308-4001"u8.ToArray(), []);
        for (var bit = 0; bit < blob.Length * 8; bit++)
        {
            blob[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(Refuses(key, blob, []));
            blob[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.False(Refuses(key, blob, []));
    }

    [Fact]
    public void A_cut_blob_or_another_key_opens_nothing()
    {
        using var key = DataKey.Generate();
        using var other = DataKey.Generate();
        var blob = Seal(key, "750308-4001"u8.ToArray(), []);
        Assert.True(Refuses(other, blob, []));
        for (var length = 0; length < blob.Length; length++)
        {
            Assert.True(Refuses(key, blob[..length], []));
        }
    }

    [Fact]
    public void The_same_plaintext_never_seals_to_the_same_bytes()
    {
        using var key = DataKey.Generate();
        var seen = new HashSet<string>();
        for (var i = 0; i < 1000; i++)
        {
            Assert.True(seen.Add(Convert.ToHexString(Seal(key, [1, 2, 3], []))));
        }
    }

    [Fact]
    public void Threads_share_a_key_without_a_wrong_byte()
    {
        using var key = DataKey.Generate();
        var plaintext = RandomNumberGenerator.GetBytes(1000);
        Parallel.For(0, 20_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var aad = BitConverter.GetBytes(i);
            var opened = new byte[plaintext.Length];
            XaesGcm.Open(key, Seal(key, plaintext, aad), aad, opened);
            Assert.Equal(plaintext, opened);
        });
    }

    private static byte[] Seal(DataKey key, byte[] plaintext, byte[] aad)
    {
        var blob = new byte[plaintext.Length + XaesGcm.Overhead];
        XaesGcm.Seal(key, plaintext, aad, blob);
        return blob;
    }

    private static bool Refuses(DataKey key, byte[] blob, byte[] aad)
    {
        try
        {
            XaesGcm.Open(key, blob, aad, new byte[Math.Max(0, blob.Length - XaesGcm.Overhead)]);
            return false;
        }
        catch (CryptographicException)
        {
            return true;
        }
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
