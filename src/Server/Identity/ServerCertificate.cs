using System.Security.Cryptography.X509Certificates;
using Delivery.Protocol.Log;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Identity;

/// <summary>The server's own certificate. Immutable.</summary>
internal sealed class ServerCertificate(IOptions<IdentityOptions> options) : IDisposable
{
    public X509Certificate2 Certificate { get; } = X509Certificate2.CreateFromPemFile(options.Value.ServerCertificateFile, options.Value.ServerKeyFile);

    /// <summary>SHA-256 of its public key, as leaves name it.</summary>
    public LogHash SpkiSha256 => LogHash.Of(Certificate.PublicKey.ExportSubjectPublicKeyInfo());

    public void Dispose() => Certificate.Dispose();
}
