using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Delivery.Client.Refusals;

namespace Delivery.Client.Connection;

/// <summary>
/// Decides whether a server's certificate is genuine: right name, made for servers, a chain to the given roots and to no
/// others. No network look-ups, no system roots. Threads may share it.
/// </summary>
internal sealed class ServerTrust
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly X509Certificate2Collection _roots = [];
    private readonly TimeProvider _clock;

    /// <exception cref="DeliveryClientException">The file holds no certificate that can be read.</exception>
    public ServerTrust(string rootsFile, TimeProvider clock)
    {
        _clock = clock;
        try
        {
            _roots.ImportFromPemFile(rootsFile);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new DeliveryClientException(ClientReasons.CertificateUnreadable, rootsFile, cause);
        }

        if (_roots.Count == 0)
        {
            throw new DeliveryClientException(ClientReasons.CertificateUnreadable, rootsFile);
        }
    }

    /// <summary>Judges what a TLS handshake presented; <paramref name="errors"/> says whether it has the name of the address called.</summary>
    public bool Accepts(X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        var named = (errors & (SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateNotAvailable)) == 0;
        return named && certificate is X509Certificate2 leaf && Chains(leaf, sent);
    }

    private bool Chains(X509Certificate2 leaf, X509Chain? sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = _clock.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        }

        return chain.Build(leaf);
    }
}
