using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Delivery.Client.Refusals;
using Delivery.Protocol.Sealing;

namespace Delivery.Client.Keys;

/// <summary>Reads the server's public delivery key, which signs extracts and confirmations.</summary>
internal static class SenderKeyFile
{
    /// <summary>A handle on the key; the caller disposes it.</summary>
    /// <param name="file">PEM: a public key or a certificate.</param>
    /// <exception cref="DeliveryClientException">The file cannot be read or holds no P-256 key.</exception>
    public static ECDsa Read(string file)
    {
        try
        {
            var pem = File.ReadAllText(file);
            using var certificate = pem.Contains("BEGIN CERTIFICATE", StringComparison.Ordinal) ? X509Certificate2.CreateFromPem(pem) : null;
            var key = certificate?.GetECDsaPublicKey() ?? PublicKey(pem);
            return SenderKey.IsP256(key) ? key : throw new DeliveryClientException(ClientReasons.CertificateUnreadable, Path.GetFileName(file));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new DeliveryClientException(ClientReasons.CertificateUnreadable, Path.GetFileName(file), cause);
        }
    }

    private static ECDsa PublicKey(string pem)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(pem);
        return key;
    }
}
