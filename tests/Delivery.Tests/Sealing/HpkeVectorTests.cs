using System.Text.Json;
using Delivery.Protocol.Sealing;

namespace Delivery.Tests.Sealing;

public class HpkeVectorTests
{
    private const int BaseMode = 0;
    private const int HkdfSha256 = 1;

    [Theory]
    [InlineData(HpkeAead.Aes128Gcm)]
    [InlineData(HpkeAead.Aes256Gcm)]
    internal void A_sender_writes_the_bytes_of_RFC_9180(HpkeAead aead)
    {
        var vector = Single(aead);
        var recipient = HpkePublicKey.Import(HpkeSuite.P256, vector.Hex("pkRm"));
        using var sender = HpkeSender.SetupDeterministic(aead, vector.Hex("skEm"), recipient, vector.Hex("info"));

        Assert.Equal(vector.Hex("enc"), sender.Encapsulation.ToArray());
        AssertExports(vector, sender);
        AssertMessages(vector, (message, buffer) =>
        {
            sender.Seal(message.Hex("aad"), message.Hex("pt"), buffer);
            Assert.Equal(message.Hex("ct"), buffer);
        }, skip: buffer => sender.Seal([], [], buffer));
    }

    [Theory]
    [InlineData(HpkeAead.Aes128Gcm)]
    [InlineData(HpkeAead.Aes256Gcm)]
    internal void A_receiver_opens_the_bytes_of_RFC_9180(HpkeAead aead)
    {
        var vector = Single(aead);
        using var recipient = HpkePrivateKey.Import(HpkeSuite.P256, vector.Hex("skRm"));
        Assert.Equal(vector.Hex("pkRm"), recipient.PublicKey.Bytes.ToArray());
        using var receiver = HpkeReceiver.Setup(recipient, vector.Hex("enc"), vector.Hex("info"), aead);

        AssertExports(vector, receiver);
        AssertOpensFirst(vector, receiver);
    }

    [Fact]
    public void Every_base_vector_on_P256_gives_its_shared_secret()
    {
        var vectors = Vectors.Of("rfc9180-p256.json").Where(vector => vector.Number("mode") == BaseMode).ToList();
        Assert.Equal(8, vectors.Count);
        foreach (var vector in vectors)
        {
            using var recipient = HpkePrivateKey.Import(HpkeSuite.P256, vector.Hex("skRm"));
            AssertSecret(vector, recipient);
        }
    }

    [HybridFact]
    public void Hybrid_keys_and_shared_secrets_are_those_of_the_draft()
    {
        var vectors = Vectors.Of("hpke-pq-mlkem768-p256.json");
        Assert.Equal(2, vectors.Count);
        foreach (var vector in vectors)
        {
            using var recipient = HpkePrivateKey.Import(HpkeSuite.MlKem768P256, vector.Hex("skRm"));
            Assert.Equal(vector.Hex("pkRm"), recipient.PublicKey.Bytes.ToArray());
            AssertSecret(vector, recipient);
        }
    }

    [HybridFact]
    public void A_hybrid_receiver_opens_the_bytes_of_the_draft()
    {
        var vector = Assert.Single(
            Vectors.Of("hpke-pq-mlkem768-p256.json"), vector => vector.Number("kdf_id") == HkdfSha256);
        using var recipient = HpkePrivateKey.Import(HpkeSuite.MlKem768P256, vector.Hex("skRm"));
        using var receiver = HpkeReceiver.Setup(recipient, vector.Hex("enc"), vector.Hex("info"), (HpkeAead)vector.Number("aead_id"));

        AssertExports(vector, receiver);
        AssertOpensFirst(vector, receiver);
    }

    private static JsonElement Single(HpkeAead aead) => Assert.Single(
        Vectors.Of("rfc9180-p256.json"),
        vector => vector.Number("mode") == BaseMode && vector.Number("kdf_id") == HkdfSha256 && vector.Number("aead_id") == (int)aead);

    private static void AssertSecret(JsonElement vector, HpkePrivateKey recipient)
    {
        var secret = new byte[KeyEncapsulation.SharedSecretSize];
        recipient.Decapsulate(vector.Hex("enc"), secret);
        Assert.Equal(vector.Hex("shared_secret"), secret);
    }

    private static void AssertExports(JsonElement vector, HpkeContext context)
    {
        foreach (var export in vector.GetProperty("exports").EnumerateArray())
        {
            Assert.Equal(export.Hex("exported_value"), context.Export(export.Hex("exporter_context"), export.Number("L")));
        }
    }

    /// <summary>Only as far as the vectors are consecutive: a receiver has no way to skip a message.</summary>
    private static void AssertOpensFirst(JsonElement vector, HpkeReceiver receiver)
    {
        var opened = 0;
        foreach (var message in Consecutive(vector))
        {
            var ciphertext = message.Hex("ct");
            var plaintext = new byte[ciphertext.Length - Hpke.TagSize];
            receiver.Open(message.Hex("aad"), ciphertext, plaintext);
            Assert.Equal(message.Hex("pt"), plaintext);
            opened++;
        }

        Assert.True(opened >= 3);
    }

    /// <summary>The vectors name sequence numbers by their nonces and by additional data "Count-n"; those between are filled in.</summary>
    private static void AssertMessages(JsonElement vector, Action<JsonElement, byte[]> assert, Action<byte[]> skip)
    {
        var sequence = 0;
        foreach (var message in vector.GetProperty("encryptions").EnumerateArray())
        {
            for (; sequence < SequenceOf(message); sequence++)
            {
                skip(new byte[Hpke.TagSize]);
            }

            assert(message, new byte[message.Hex("ct").Length]);
            sequence++;
        }

        Assert.True(sequence > 256);
    }

    private static IEnumerable<JsonElement> Consecutive(JsonElement vector) =>
        vector.GetProperty("encryptions").EnumerateArray().TakeWhile((message, index) => SequenceOf(message) == index);

    private static int SequenceOf(JsonElement message) =>
        int.Parse(System.Text.Encoding.ASCII.GetString(message.Hex("aad"))["Count-".Length..], System.Globalization.CultureInfo.InvariantCulture);
}
