using System.Security.Cryptography.X509Certificates;

namespace Delivery.Server.Identity;

/// <summary>How every chain is built here: to the configured roots alone, at the server's own time, with no look-up on any network.</summary>
internal static class TrustedChain
{
    /// <summary>A chain to build; the caller adds what the certificate must be for, builds and disposes.</summary>
    /// <param name="roots">The only roots that count.</param>
    /// <param name="now">When it must hold.</param>
    public static X509Chain To(X509Certificate2Collection roots, DateTimeOffset now)
    {
        var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        // Revocation is decided from the configured lists, after the chain stands.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        return chain;
    }
}
