using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Delivery.Tests.Identity;

/// <summary>An authority that issues whatever a test asks for, right or wrong.</summary>
internal sealed class SampleAuthority : IDisposable
{
    public const string ClientUse = "1.3.6.1.5.5.7.3.2";
    public const string ServerUse = "1.3.6.1.5.5.7.3.1";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public SampleAuthority(string name = "Test Authority", SampleAuthority? issuer = null)
    {
        var request = new CertificateRequest($"CN={name}", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        Certificate = issuer is null
            ? request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(1))
            : request.Create(issuer.Certificate, Now.AddYears(-1), Now.AddYears(1), [0x40]).CopyWithPrivateKey(_key);
    }

    public static DateTimeOffset Now { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The authority's own certificate, with its key.</summary>
    public X509Certificate2 Certificate { get; }

    public X509Certificate2 Issue(
        string organisation = "NTRDK-13223459",
        string commonName = "system",
        string? use = ClientUse,
        byte[]? serial = null,
        DateTimeOffset? from = null,
        DateTimeOffset? to = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(organisation, commonName, use, key);
        return request.Create(Certificate, from ?? Now.AddDays(-10), to ?? Now.AddDays(10), serial ?? [0x41, 0x01]);
    }

    /// <summary>A list of revoked serial numbers, as the authority signs it.</summary>
    public byte[] Revoke(params byte[][] serials)
    {
        var list = new CertificateRevocationListBuilder();
        Array.ForEach(serials, serial => list.AddEntry(serial));
        return list.Build(Certificate, 1, Now.AddDays(30), HashAlgorithmName.SHA256, thisUpdate: Now.AddDays(-1));
    }

    public static CertificateRequest Request(string organisation, string commonName, string? use, ECDsa key)
    {
        var subject = new X500DistinguishedNameBuilder();
        if (organisation.Length > 0)
        {
            subject.Add("2.5.4.97", organisation, UniversalTagNumber.UTF8String);
        }

        subject.AddCommonName(commonName);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        if (use is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        }

        return request;
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }
}
