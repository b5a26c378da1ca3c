using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Delivery.Client.Development;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Log;

namespace Delivery.Tests.Development;

public sealed class DevelopmentCertificatesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("delivery-certs-").FullName;

    [Fact]
    public void Nobody_but_the_owner_can_read_a_key()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        DevelopmentCertificates.Create(_folder, TimeProvider.System);

        foreach (var file in Directory.EnumerateFiles(_folder, "*.key"))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public void Keys_are_not_replaced_unless_asked_for()
    {
        DevelopmentCertificates.Create(_folder, TimeProvider.System);
        var before = File.ReadAllText(Path.Combine(_folder, "server.key"));

        Assert.Throws<IOException>(() => DevelopmentCertificates.Create(_folder, TimeProvider.System));
        Assert.Equal(before, File.ReadAllText(Path.Combine(_folder, "server.key")));

        DevelopmentCertificates.Create(_folder, TimeProvider.System, force: true);
        Assert.NotEqual(before, File.ReadAllText(Path.Combine(_folder, "server.key")));
    }

    [Fact]
    public void One_file_left_over_stops_everything_from_being_written()
    {
        File.WriteAllText(Path.Combine(_folder, "pseudonym.key"), "kept");

        Assert.Throws<IOException>(() => DevelopmentCertificates.Create(_folder, TimeProvider.System));

        Assert.Equal(["pseudonym.key"], Directory.EnumerateFiles(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Every_client_chains_to_the_authority_and_names_its_organisation()
    {
        DevelopmentCertificates.Create(_folder, TimeProvider.System);

        Assert.All(DevelopmentCertificates.Clients, client =>
        {
            using var certificate = Load(client.Name);
            Assert.True(ChainsTo("ca", certificate, "1.3.6.1.5.5.7.3.2"));
            Assert.False(ChainsTo("ca", certificate, "1.3.6.1.5.5.7.3.1"));
            Assert.False(ChainsTo("recipient-ca", certificate, "1.3.6.1.5.5.7.3.2"));
            Assert.Equal(client.Name, certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false));
            Assert.Contains($"NTRDK-{client.Cvr}", certificate.SubjectName.Decode(X500DistinguishedNameFlags.None), StringComparison.Ordinal);
            Assert.True(new Cvr(client.Cvr).IsValid);
        });
    }

    [Fact]
    public void The_server_is_this_machine_and_no_client()
    {
        DevelopmentCertificates.Create(_folder, TimeProvider.System);
        using var server = Load("server");

        Assert.True(server.MatchesHostname("localhost"));
        Assert.True(server.MatchesHostname("127.0.0.1"));
        Assert.True(server.MatchesHostname("::1"));
        Assert.True(ChainsTo("ca", server, "1.3.6.1.5.5.7.3.1"));
        Assert.False(ChainsTo("ca", server, "1.3.6.1.5.5.7.3.2"));
    }

    [Fact]
    public void Only_the_authority_of_recipient_keys_vouches_for_their_signer()
    {
        DevelopmentCertificates.Create(_folder, TimeProvider.System);
        using var signer = Load("dst-recipient-signing");

        Assert.True(ChainsTo("recipient-ca", signer, usage: null));
        Assert.False(ChainsTo("ca", signer, usage: null));
    }

    [Fact]
    public void Every_certificate_has_its_key_a_year_and_a_serial_of_its_own()
    {
        DevelopmentCertificates.Create(_folder, TimeProvider.System);
        var names = Directory.EnumerateFiles(_folder, "*.pem").Select(file => Path.GetFileNameWithoutExtension(file)!).Where(name => name != "delivery-signing.pub").ToList();
        var serials = new HashSet<string>();

        Assert.All(names, name =>
        {
            using var certificate = X509Certificate2.CreateFromPemFile(Path.Combine(_folder, $"{name}.pem"), Path.Combine(_folder, $"{name}.key"));
            Assert.True(serials.Add(certificate.SerialNumber));
            Assert.Equal(certificate.NotBefore.AddYears(1), certificate.NotAfter);
        });
        Assert.Equal(10, names.Count);
    }

    [Fact]
    public void The_log_policy_believes_the_log_key_and_no_other_and_asks_for_no_witness()
    {
        DevelopmentCertificates.Create(_folder, TimeProvider.System);
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(_folder, "log-signing.key")));

        var policy = LogPolicy.Parse(File.ReadAllText(Path.Combine(_folder, "log-policy.txt")));

        Assert.Equal(DevelopmentCertificates.LogOrigin, policy.Origin);
        Assert.Equal(LogHash.Of(key.ExportSubjectPublicKeyInfo()), Assert.Single(policy.LogKeys).SpkiSha256);
        Assert.Equal((DevelopmentCertificates.WitnessName, 0), (Assert.Single(policy.Witnesses).Name, policy.Quorum));
        Assert.Equal(policy.Witnesses[0].ToString(), File.ReadAllText(Path.Combine(_folder, "dst-witness.vkey")).TrimEnd());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private X509Certificate2 Load(string name) => X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_folder, $"{name}.pem"));

    private bool ChainsTo(string authority, X509Certificate2 certificate, string? usage)
    {
        using var root = Load(authority);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        if (usage is not null)
        {
            chain.ChainPolicy.ApplicationPolicy.Add(new Oid(usage));
        }

        return chain.Build(certificate);
    }
}
