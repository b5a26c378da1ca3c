using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Delivery.Protocol.Log;
using Delivery.Server.Identity;
using Microsoft.Extensions.Options;

namespace Delivery.Tests.Identity;

public sealed class ClientCertificatesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("delivery-identity-").FullName;
    private readonly SampleAuthority _authority = new();
    private readonly SetClock _clock = new(SampleAuthority.Now);

    [Fact]
    public void A_certificate_of_the_configured_authority_is_let_in()
    {
        using var certificate = _authority.Issue();

        Assert.True(Certificates().IsGenuine(certificate, sent: null));
    }

    [Fact]
    public void A_certificate_of_another_authority_is_refused_even_under_the_same_name()
    {
        using var impostor = new SampleAuthority();
        using var certificate = impostor.Issue();

        Assert.False(Certificates().IsGenuine(certificate, sent: null));
        Assert.False(Certificates().IsGenuine(certificate, [impostor.Certificate]));
    }

    [Fact]
    public void A_certificate_counts_in_its_time_and_not_a_second_longer()
    {
        using var certificate = _authority.Issue(from: SampleAuthority.Now, to: SampleAuthority.Now.AddHours(1));
        var certificates = Certificates();

        Assert.True(certificates.IsGenuine(certificate, sent: null));
        _clock.Now = SampleAuthority.Now.AddSeconds(-1);
        Assert.False(certificates.IsGenuine(certificate, sent: null));
        _clock.Now = SampleAuthority.Now.AddHours(1).AddSeconds(1);
        Assert.False(certificates.IsGenuine(certificate, sent: null));
    }

    [Fact]
    public void A_servers_certificate_is_no_clients()
    {
        using var certificate = _authority.Issue(use: SampleAuthority.ServerUse);

        Assert.False(Certificates().IsGenuine(certificate, sent: null));
    }

    [Fact]
    public void A_certificate_that_vouches_for_itself_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = SampleAuthority.Request("NTRDK-13223459", "Test Authority", SampleAuthority.ClientUse, key)
            .CreateSelfSigned(SampleAuthority.Now.AddDays(-1), SampleAuthority.Now.AddDays(1));

        Assert.False(Certificates().IsGenuine(certificate, sent: null));
        Assert.False(Certificates().IsGenuine(certificate, [certificate]));
    }

    [Fact]
    public void A_client_cannot_issue_certificates_to_others()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var client = SampleAuthority.Request("NTRDK-13223459", "client", SampleAuthority.ClientUse, key)
            .Create(_authority.Certificate, SampleAuthority.Now.AddDays(-1), SampleAuthority.Now.AddDays(1), [0x42]);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var forged = SampleAuthority.Request("NTRDK-17150413", "dst", SampleAuthority.ClientUse, other)
            .Create(client.SubjectName, X509SignatureGenerator.CreateForECDsa(key), SampleAuthority.Now.AddDays(-1), SampleAuthority.Now.AddDays(1), [0x43]);

        Assert.False(Certificates().IsGenuine(forged, [client]));
    }

    [Fact]
    public void An_intermediate_authority_counts_when_the_client_sends_it()
    {
        using var intermediate = new SampleAuthority("Intermediate", _authority);
        using var certificate = intermediate.Issue();

        Assert.True(Certificates().IsGenuine(certificate, [intermediate.Certificate]));
        Assert.False(Certificates().IsGenuine(certificate, sent: null));
    }

    [Fact]
    public void A_revoked_certificate_is_refused_and_its_neighbour_is_not()
    {
        using var revoked = _authority.Issue(serial: [0x41, 0x07]);
        using var neighbour = _authority.Issue(serial: [0x41, 0x08]);
        File.WriteAllBytes(Path.Combine(_folder, "revoked.crl"), _authority.Revoke([0x41, 0x07]));
        var certificates = Certificates(options => options.RevocationListFiles.Add(Path.Combine(_folder, "revoked.crl")));

        Assert.False(certificates.IsGenuine(revoked, sent: null));
        Assert.True(certificates.IsGenuine(neighbour, sent: null));
    }

    [Fact]
    public void A_revoked_intermediate_takes_its_certificates_with_it()
    {
        using var intermediate = new SampleAuthority("Intermediate", _authority);
        using var certificate = intermediate.Issue();
        File.WriteAllBytes(Path.Combine(_folder, "revoked.crl"), _authority.Revoke([0x40]));
        var certificates = Certificates(options => options.RevocationListFiles.Add(Path.Combine(_folder, "revoked.crl")));

        Assert.False(certificates.IsGenuine(certificate, [intermediate.Certificate]));
    }

    [Fact]
    public void A_list_that_somebody_else_signed_stops_the_start()
    {
        using var impostor = new SampleAuthority();
        File.WriteAllBytes(Path.Combine(_folder, "revoked.crl"), impostor.Revoke([0x41]));

        Assert.Throws<CryptographicException>(() => Certificates(options => options.RevocationListFiles.Add(Path.Combine(_folder, "revoked.crl"))));
    }

    [Theory]
    [InlineData("NTRDK-13223459", "system", Role.StilIntake)]
    [InlineData("NTRDK-13223459", "other", Role.None)]
    [InlineData("NTRDK-13223458", "system", Role.None)]
    [InlineData("NTRDK-13223459x", "system", Role.None)]
    [InlineData("NTRSE-13223459", "system", Role.None)]
    [InlineData("", "system", Role.None)]
    [InlineData("NTRDK-10000009", "administrator", Role.Administrator)]
    [InlineData("NTRDK-20000007", "administrator", Role.Administrator)]
    [InlineData("NTRSE-20000007", "administrator", Role.None)]
    [InlineData("NTRDK-17150413", "anything", Role.DstIngestion | Role.Auditor)]
    internal void Roles_follow_the_rows_of_the_table(string organisation, string commonName, Role roles)
    {
        using var certificate = _authority.Issue(organisation, commonName);

        Assert.Equal(roles, Certificates(Table).Identify(certificate).Roles);
    }

    [Fact]
    public void Another_authority_gives_no_role()
    {
        using var other = new SampleAuthority("Other Authority");
        using var certificate = other.Issue();

        Assert.Equal(Role.None, Certificates(Table).Identify(certificate).Roles);
    }

    [Fact]
    public void A_key_named_in_the_table_has_its_role_whatever_its_certificate_says()
    {
        using var certificate = _authority.Issue(organisation: "", commonName: "x");
        using var other = _authority.Issue(organisation: "", commonName: "x");
        var spki = LogHash.Of(certificate.PublicKey.ExportSubjectPublicKeyInfo()).ToString();
        var certificates = Certificates(options => options.Roles.Add(new RoleGrant { SpkiSha256 = spki.ToUpperInvariant(), Role = "auditor" }));

        Assert.Equal(Role.Auditor, certificates.Identify(certificate).Roles);
        Assert.Equal(Role.None, certificates.Identify(other).Roles);
    }

    [Fact]
    public void A_caller_is_named_by_organisation_and_key()
    {
        using var certificate = _authority.Issue();

        var caller = Certificates(Table).Identify(certificate);

        Assert.Equal("13223459", caller.Cvr);
        Assert.Equal("stil-intake", caller.Actor.Role);
        Assert.Equal(LogHash.Of(certificate.PublicKey.ExportSubjectPublicKeyInfo()), caller.SpkiSha256);
    }

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static void Table(IdentityOptions options)
    {
        Grant("NTRDK-13223459", "system", "stil-intake");
        Grant("NTRDK-*", "administrator", "administrator");
        Grant("NTRDK-17150413", "", "dst-ingestion");
        Grant("NTRDK-17150413", "", "auditor");

        void Grant(string organisation, string commonName, string role) =>
            options.Roles.Add(new RoleGrant { Issuer = "Test Authority", OrganizationIdentifier = organisation, CommonName = commonName, Role = role });
    }

    private ClientCertificates Certificates(Action<IdentityOptions>? change = null)
    {
        var roots = Path.Combine(_folder, "roots.pem");
        File.WriteAllText(roots, _authority.Certificate.ExportCertificatePem());
        var options = new IdentityOptions { ServerCertificateFile = "server.pem", ServerKeyFile = "server.key", ClientRootsFile = roots };
        change?.Invoke(options);
        Assert.Null(options.Problem());
        return new ClientCertificates(Options.Create(options), _clock);
    }
}
