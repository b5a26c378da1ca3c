using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Delivery.Client.Refusals;
using Delivery.Protocol.Sealing;

namespace Delivery.Client.Connection;

/// <summary>The certificate a client calls with, and the key that signs its receipts.</summary>
internal sealed class ClientIdentity : IDisposable
{
    private readonly X509Certificate2 _certificate;

    private ClientIdentity(X509Certificate2 certificate, X509Certificate2Collection chain)
    {
        _certificate = certificate;
        Tls = SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }

    /// <summary>What the handshake presents.</summary>
    public SslStreamCertificateContext Tls { get; }

    /// <exception cref="DeliveryClientException">The files are unreadable, do not belong together or hold no P-256 key.</exception>
    public static ClientIdentity Load(string certificateFile, string keyFile)
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            using var key = certificate.GetECDsaPrivateKey();
            if (key is null || !SenderKey.IsP256(key))
            {
                certificate.Dispose();
                throw new DeliveryClientException(ClientReasons.CertificateUnreadable, keyFile);
            }

            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificateFile);
            return new ClientIdentity(certificate, chain);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new DeliveryClientException(ClientReasons.CertificateUnreadable, certificateFile, cause);
        }
    }

    /// <summary>Signs label ‖ message: ECDSA P-256 with SHA-256, 64 bytes.</summary>
    public byte[] Sign(ReadOnlySpan<byte> label, ReadOnlySpan<byte> message)
    {
        // A key object is not safe to share between threads, so each signature has its own.
        using var key = _certificate.GetECDsaPrivateKey()!;
        return SenderKey.Sign(key, label, message);
    }

    public void Dispose() => _certificate.Dispose();
}
