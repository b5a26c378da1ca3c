using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Delivery.Client.Development;

/// <summary>A certificate authority that lives as long as it takes to make a folder. One thread.</summary>
internal sealed class DevelopmentAuthority : IDisposable
{
    private const string OrganizationIdentifier = "2.5.4.97";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const int SerialSizeBytes = 16;

    // Certificates begin a little in the past, so that a machine whose clock is behind accepts them too.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(10);

    private readonly DateTimeOffset _notBefore;
    private readonly DateTimeOffset _notAfter;

    private DevelopmentAuthority(string name, DateTimeOffset now)
    {
        (_notBefore, _notAfter) = (now - ClockSkew, (now - ClockSkew).AddYears(1));
        Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        var request = new CertificateRequest(subject.Build(), Key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        Certificate = request.Create(request.SubjectName, X509SignatureGenerator.CreateForECDsa(Key), _notBefore, _notAfter, Serial());
    }

    public ECDsa Key { get; }

    public X509Certificate2 Certificate { get; }

    /// <summary>Makes an authority valid for a year.</summary>
    public static DevelopmentAuthority Create(string name, DateTimeOffset now) => new(name, now);

    /// <summary>Makes a key, has it certified and writes both.</summary>
    public void Issue(DevelopmentFolder files, string name, Func<ECDsa, CertificateRequest> describe)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = describe(key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using var certificate = request.Create(Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(Key), _notBefore, _notAfter, Serial());
        files.Write(name, certificate, key);
    }

    /// <summary>A server on this machine.</summary>
    public CertificateRequest ServerRequest(ECDsa key)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName("localhost");
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        return request;
    }

    /// <summary>A client with a role.</summary>
    public static CertificateRequest ClientRequest(DevelopmentParty party, ECDsa key)
    {
        var request = SigningRequest(party, key);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ClientAuthentication)], critical: false));
        return request;
    }

    /// <summary>One who signs for an organisation.</summary>
    public static CertificateRequest SigningRequest(DevelopmentParty party, ECDsa key)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCountryOrRegion("DK");
        subject.AddOrganizationName(party.Organisation);
        subject.Add(OrganizationIdentifier, $"NTRDK-{party.Cvr}", UniversalTagNumber.UTF8String);
        subject.AddCommonName(party.Name);
        return new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate.Dispose();
        Key.Dispose();
    }

    // Positive and never zero, as RFC 5280 §4.1.2.2 asks.
    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(SerialSizeBytes);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x40);
        return serial;
    }
}
