using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Delivery.EndToEnd.Running;

/// <summary>Certificates that no development folder holds: other organisations, other authorities, other times.</summary>
internal static class IssuedCertificates
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>A client certificate by one of the server's authorities, valid from a day before <paramref name="now"/>.</summary>
    public static X509Certificate2 Issue(RunningServer server, string authority, string commonName, string cvr, DateTimeOffset now)
    {
        using var issuer = server.Certificate(authority);
        return Issue(issuer, commonName, cvr, now.AddDays(-1), now.AddDays(1));
    }

    /// <summary>The same by an authority of the same name that the server does not know.</summary>
    public static X509Certificate2 IssueByStranger(string authorityName, string commonName, string cvr, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={authorityName}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        using var stranger = request.CreateSelfSigned(now.AddDays(-2), now.AddDays(2));
        return Issue(stranger, commonName, cvr, now.AddDays(-1), now.AddDays(1));
    }

    private static X509Certificate2 Issue(X509Certificate2 issuer, string commonName, string cvr, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        if (cvr.Length > 0)
        {
            subject.Add("2.5.4.97", "NTRDK-" + cvr, UniversalTagNumber.UTF8String);
        }

        subject.AddCommonName(commonName);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ClientAuthentication)], critical: false));
        using var issuerKey = issuer.GetECDsaPrivateKey()!;
        using var certificate = request.Create(
            issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(issuerKey), from, to, RandomNumberGenerator.GetBytes(15).Prepend((byte)1).ToArray());
        return certificate.CopyWithPrivateKey(key);
    }
}
