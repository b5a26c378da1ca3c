using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Delivery.Protocol.Sealing;
using FsCheck;
using FsCheck.Fluent;

namespace Delivery.Tests.Sealing;

public sealed class RecipientKeyRecordTests : IDisposable
{
    private static readonly DateTimeOffset _start = new(2026, 8, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly HpkePrivateKey _key = HpkePrivateKey.Generate(HpkeSuite.P256);
    private readonly ECDsa _signer = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private RecipientKeyRecord Record => new(HpkeSuite.P256, _key.PublicKey.Bytes.ToArray(), "17150413", _start, _start.AddYears(1), 7);

    [Fact]
    public void A_record_reads_back_as_it_was_written()
    {
        Assert.True(RecipientKeyRecord.TryParse(Record.Encode(), out var read));
        Assert.Equal(Record with { PublicKey = default }, read with { PublicKey = default });
        Assert.Equal(_key.PublicKey.Bytes.ToArray(), read.PublicKey.ToArray());
        Assert.Equal(_key.PublicKey.Id.ToArray(), read.KeyId());
        Assert.Equal(_key.PublicKey.Id.ToArray(), read.ImportPublicKey().Id.ToArray());
        Assert.Equal(Record.Encode(), read.Encode());
    }

    [Fact]
    public void A_record_has_the_documented_layout()
    {
        byte[] expected =
        [
            .. "DLVK"u8, 1, 0, 1, 0, 65, .. _key.PublicKey.Bytes, .. "17150413"u8,
            .. BigEndian(_start.ToUnixTimeSeconds()), .. BigEndian(_start.AddYears(1).ToUnixTimeSeconds()), 0, 0, 0, 7,
        ];
        Assert.Equal(expected, Record.Encode());
    }

    [Fact]
    public void A_hybrid_record_is_read_even_where_its_suite_cannot_run()
    {
        var record = Record with { Suite = HpkeSuite.MlKem768P256, PublicKey = new byte[1249] };
        Assert.True(RecipientKeyRecord.TryParse(record.Encode(), out var read));
        Assert.Equal(HpkeSuite.MlKem768P256, read.Suite);
    }

    [Fact]
    public void A_key_is_valid_from_its_first_second_until_its_last()
    {
        Assert.False(Record.IsValidAt(_start.AddTicks(-1)));
        Assert.True(Record.IsValidAt(_start));
        Assert.True(Record.IsValidAt(_start.AddYears(1).AddTicks(-1)));
        Assert.False(Record.IsValidAt(_start.AddYears(1)));
    }

    [Fact]
    public void Records_that_make_no_sense_are_neither_written_nor_read()
    {
        Assert.Throws<ArgumentException>(() => (Record with { Suite = 0 }).Encode());
        Assert.Throws<ArgumentException>(() => (Record with { Suite = HpkeSuite.MlKem768P256 }).Encode());
        Assert.Throws<ArgumentException>(() => (Record with { Organisation = "1715041" }).Encode());
        Assert.Throws<ArgumentException>(() => (Record with { Organisation = "1715041x" }).Encode());
        Assert.Throws<ArgumentException>(() => (Record with { NotAfter = _start }).Encode());
        Assert.Throws<ArgumentException>(() => (Record with { NotBefore = _start.AddTicks(1) }).Encode());

        var bytes = Record.Encode();
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(RecipientKeyRecord.TryParse(bytes.AsSpan(0, length), out _));
        }

        Assert.False(RecipientKeyRecord.TryParse([.. bytes, 0], out _));
    }

    [Fact]
    public void Whatever_is_read_writes_back_to_the_same_bytes()
    {
        var bytes = Record.Encode();
        Prop.ForAll<int, byte>((at, value) =>
        {
            var altered = (byte[])bytes.Clone();
            altered[(int)((uint)at % (uint)altered.Length)] = value;
            return !RecipientKeyRecord.TryParse(altered, out var read) || read.Encode().AsSpan().SequenceEqual(altered);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Every_altered_bit_of_a_signed_record_is_noticed()
    {
        using var certificate = Certify(_signer);
        var bytes = Record.Encode();
        var signature = RecipientKeyRecord.Sign(bytes, _signer);
        Assert.True(RecipientKeyRecord.Verify(bytes, signature, certificate));
        foreach (var altered in new[] { bytes, signature })
        {
            for (var bit = 0; bit < altered.Length * 8; bit++)
            {
                altered[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.False(RecipientKeyRecord.Verify(bytes, signature, certificate));
                altered[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
    }

    [Fact]
    public void A_record_signed_by_someone_else_is_refused()
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Certify(stranger);
        var bytes = Record.Encode();
        Assert.False(RecipientKeyRecord.Verify(bytes, RecipientKeyRecord.Sign(bytes, _signer), certificate));
        Assert.False(RecipientKeyRecord.Verify(bytes, [], certificate));
    }

    [Fact]
    public void A_signature_made_for_another_purpose_is_refused()
    {
        using var certificate = Certify(_signer);
        var bytes = Record.Encode();
        var bare = _signer.SignData(bytes, HashAlgorithmName.SHA256);
        Assert.False(RecipientKeyRecord.Verify(bytes, bare, certificate));
    }

    [Fact]
    public void A_certificate_off_P256_vouches_for_nothing()
    {
        using var wide = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        using var wideCertificate = Certify(wide);
        using var rsaCertificate = new CertificateRequest("CN=test", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(_start, _start.AddYears(1));
        var bytes = Record.Encode();
        Assert.False(RecipientKeyRecord.Verify(bytes, RecipientKeyRecord.Sign(bytes, wide), wideCertificate));
        Assert.False(RecipientKeyRecord.Verify(bytes, new byte[64], rsaCertificate));
        Assert.Throws<ArgumentException>(() => SenderKey.IdOf(wide));
    }

    public void Dispose()
    {
        _key.Dispose();
        _signer.Dispose();
    }

    private static X509Certificate2 Certify(ECDsa key) =>
        new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256).CreateSelfSigned(_start, _start.AddYears(1));

    private static byte[] BigEndian(long value)
    {
        var bytes = BitConverter.GetBytes(value);
        Array.Reverse(bytes);
        return bytes;
    }
}
