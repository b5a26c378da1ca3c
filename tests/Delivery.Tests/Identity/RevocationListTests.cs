using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Delivery.Server.Identity;

namespace Delivery.Tests.Identity;

public sealed class RevocationListTests : IDisposable
{
    private readonly SampleAuthority _authority = new();

    [Fact]
    public void Every_revoked_serial_number_is_read()
    {
        var list = _authority.Revoke([0x41, 0x01], [0x7f], [0x00, 0xff, 0x01]);

        var revoked = RevocationList.Read(list, [_authority.Certificate]);

        Assert.Equal(
            [(_authority.Certificate.Subject, new BigInteger(0x4101)), (_authority.Certificate.Subject, new BigInteger(0x7f)), (_authority.Certificate.Subject, new BigInteger(0xff01))],
            revoked);
    }

    [Fact]
    public void A_list_of_nobody_is_a_list() => Assert.Empty(RevocationList.Read(_authority.Revoke(), [_authority.Certificate]));

    [Fact]
    public void A_list_may_be_text()
    {
        var list = _authority.Revoke([0x41]);
        var text = Encoding.ASCII.GetBytes(PemEncoding.WriteString("X509 CRL", list) + "\n");

        Assert.Equal(RevocationList.Read(list, [_authority.Certificate]), RevocationList.Read(text, [_authority.Certificate]));
    }

    [Fact]
    public void A_list_signed_with_rsa_is_read()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=RSA Authority", key, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var authority = request.CreateSelfSigned(SampleAuthority.Now.AddDays(-1), SampleAuthority.Now.AddDays(1));
        var builder = new CertificateRevocationListBuilder();
        builder.AddEntry([0x17]);
        var list = builder.Build(authority, 1, SampleAuthority.Now.AddDays(2), HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1, SampleAuthority.Now);

        Assert.Equal(new BigInteger(0x17), Assert.Single(RevocationList.Read(list, [_authority.Certificate, authority])).Serial);
    }

    [Fact]
    public void Every_altered_byte_is_noticed()
    {
        var list = _authority.Revoke([0x41, 0x01]);
        for (var at = 0; at < list.Length; at++)
        {
            var altered = (byte[])list.Clone();
            altered[at] ^= 1;
            var caught = Record.Exception(() => RevocationList.Read(altered, [_authority.Certificate]).ToList());
            Assert.True(caught is CryptographicException or AsnContentException, $"byte {at}: {caught}");
        }
    }

    [Fact]
    public void A_list_of_another_authority_is_refused_even_under_the_same_name()
    {
        using var impostor = new SampleAuthority();
        using var stranger = new SampleAuthority("Stranger");

        Assert.Throws<CryptographicException>(() => RevocationList.Read(impostor.Revoke([0x41]), [_authority.Certificate]));
        Assert.Throws<CryptographicException>(() => RevocationList.Read(stranger.Revoke([0x41]), [_authority.Certificate]));
    }

    public void Dispose() => _authority.Dispose();
}
