using System.Collections.Concurrent;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Delivery.Protocol.Log;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Identity;

/// <summary>
/// Decides whether a client certificate is genuine (a chain to the configured roots, in time, made for client authentication, not
/// revoked) and what it says about its holder. No network look-ups, no system roots. Threads may share it.
/// </summary>
internal sealed class ClientCertificates
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2Collection _roots = [];
    private readonly HashSet<(string Issuer, BigInteger Serial)> _revoked = [];
    private readonly ConcurrentDictionary<string, DateTimeOffset> _seen = new(StringComparer.Ordinal);
    private readonly IList<RoleGrant> _grants;
    private readonly TimeProvider _clock;

    public ClientCertificates(IOptions<IdentityOptions> options, TimeProvider clock)
    {
        _clock = clock;
        _grants = options.Value.Roles;
        _roots.ImportFromPemFile(options.Value.ClientRootsFile);
        foreach (var file in options.Value.RevocationListFiles)
        {
            _revoked.UnionWith(RevocationList.Read(File.ReadAllBytes(file), _roots));
        }
    }

    /// <summary>Whether the certificate may complete a handshake at all.</summary>
    public bool IsGenuine(X509Certificate2 certificate, X509Certificate2Collection? sent)
    {
        using var chain = TrustedChain.To(_roots, _clock.GetUtcNow());
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent);
        }

        return chain.Build(certificate) && !chain.ChainElements.Any(element => IsRevoked(element.Certificate));
    }

    /// <summary>
    /// When certificates end: the first of the roots, and in each role the one last called with. A role nobody has called in since the start is not
    /// among them.
    /// </summary>
    public IEnumerable<(string Name, DateTimeOffset End)> Ends() =>
        _seen.OrderBy(seen => seen.Key, StringComparer.Ordinal).Select(seen => (seen.Key, seen.Value))
            .Prepend(("client-root", _roots.Min(root => new DateTimeOffset(root.NotAfter))));

    /// <summary>Who a genuine certificate stands for. A certificate that matches no row of the role table has no role.</summary>
    public Caller Identify(X509Certificate2 certificate)
    {
        var organisation = OrganisationName.IdentifierOf(certificate);
        var issuer = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true);
        var commonName = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        var publicKey = certificate.PublicKey.ExportSubjectPublicKeyInfo();
        var spki = LogHash.Of(publicKey);
        var roles = _grants
            .Where(grant => Matches(grant, issuer, organisation, commonName, spki.ToString()))
            .Aggregate(Role.None, (roles, grant) => roles | RoleNames.Parse(grant.Role)!.Value);
        _seen[RoleNames.First(roles)] = certificate.NotAfter;
        return new Caller(OrganisationName.CvrOf(certificate), roles, spki, publicKey);
    }

    private static bool Matches(RoleGrant grant, string issuer, string organisation, string commonName, string spki) =>
        grant.SpkiSha256.Length > 0
            ? string.Equals(grant.SpkiSha256, spki, StringComparison.OrdinalIgnoreCase)
            : grant.Issuer == issuer
                && (grant.OrganizationIdentifier == organisation
                    || (grant.OrganizationIdentifier == OrganisationName.CvrPrefix + "*" && organisation.StartsWith(OrganisationName.CvrPrefix, StringComparison.Ordinal)))
                && (grant.CommonName.Length == 0 || grant.CommonName == commonName);

    private bool IsRevoked(X509Certificate2 certificate) =>
        _revoked.Contains((certificate.Issuer, new BigInteger(certificate.SerialNumberBytes.Span, isUnsigned: true, isBigEndian: true)));
}
