using System.Security.Cryptography;
using System.Text;
using Delivery.Protocol.Log;

namespace Delivery.Client.Development;

/// <summary>
/// Makes every certificate and key that a development server and its clients need, in one folder: nothing of it may ever meet a
/// real pupil. Keys are EC P-256 with file mode 0600, certificates are valid for one year, and serial numbers are random.
/// Threads must not make one folder at the same time.
/// </summary>
public static class DevelopmentCertificates
{
    /// <summary>Common name of the authority that issues the server's and the clients' certificates.</summary>
    public const string Authority = "Delivery Development CA";

    /// <summary>Name of the development server's transfer log.</summary>
    public const string LogOrigin = "delivery.example/development";

    /// <summary>CVR number of Danmarks Statistik, who vouches for recipient keys.</summary>
    public const string RecipientOrganisation = "17150413";

    /// <summary>Name of the development witness, whom the policy asks for no cosignature (its quorum is 0).</summary>
    public const string WitnessName = "dst.example/witness";

    private const string RecipientAuthority = "Delivery Development Recipient Key CA";
    private const string RecipientSigning = "dst-recipient-signing";
    private const string Stil = "13223459";
    private const string Auditors = "10000017";
    private const string University = "10000009";
    private const int PseudonymKeySizeBytes = 32;

    /// <summary>
    /// The client certificates by file name, which is also the common name. 10000009 and 10000017 are made-up CVR numbers with
    /// right check digits.
    /// </summary>
    internal static IReadOnlyList<DevelopmentParty> Clients { get; } =
    [
        new("stil-approvals", "Styrelsen for It og Læring", Stil),
        new("stil-intake", "Styrelsen for It og Læring", Stil),
        new("dst-ingestion", "Danmarks Statistik", RecipientOrganisation),
        new("administrator", "Eksempeluniversitetet", University),
        new("stil-administrator", "Styrelsen for It og Læring", Stil),
        new("auditor", "Revisionen", Auditors),
    ];

    /// <summary>
    /// The rows of a server's role table for these certificates. A confirmation of deletion may come from any controller, or from
    /// STIL on its behalf, so that certificate is granted its role in every organisation.
    /// </summary>
    public static IReadOnlyList<DevelopmentGrant> Grants { get; } =
    [
        new($"NTRDK-{Stil}", "stil-approvals", "stil-approvals"),
        new($"NTRDK-{Stil}", "stil-intake", "stil-intake"),
        new($"NTRDK-{RecipientOrganisation}", "dst-ingestion", "dst-ingestion"),
        new($"NTRDK-{Auditors}", "auditor", "auditor"),
        new("NTRDK-*", "administrator", "administrator"),
        new($"NTRDK-{Stil}", "stil-administrator", "administrator"),
    ];

    /// <summary>Names of the client certificates: what <c>--as</c> takes.</summary>
    public static IReadOnlyList<string> ClientNames { get; } = [.. Clients.Select(client => client.Name)];

    /// <summary>Writes the folder's files.</summary>
    /// <param name="directory">Where; created, readable by its owner only, when absent.</param>
    /// <param name="clock">Says from when the year counts.</param>
    /// <param name="force">Replace what is there. What was proven, registered or pseudonymised with the old keys no longer holds.</param>
    /// <returns>Names of the files written.</returns>
    /// <exception cref="IOException">A file is there already and <paramref name="force"/> is false; nothing was written.</exception>
    public static IReadOnlyList<string> Create(string directory, TimeProvider clock, bool force = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentNullException.ThrowIfNull(clock);
        var files = new DevelopmentFolder(directory);
        if (!force && files.First(FileNames()) is { } present)
        {
            throw new IOException($"{Path.Combine(directory, present)} exists already; nothing was written.");
        }

        var now = clock.GetUtcNow();
        using (var authority = DevelopmentAuthority.Create(Authority, now))
        {
            files.Write("ca", authority.Certificate, authority.Key);
            authority.Issue(files, "server", authority.ServerRequest);
            foreach (var client in Clients)
            {
                authority.Issue(files, client.Name, key => DevelopmentAuthority.ClientRequest(client, key));
            }
        }

        using (var authority = DevelopmentAuthority.Create(RecipientAuthority, now))
        {
            files.Write("recipient-ca", authority.Certificate, authority.Key);
            authority.Issue(files, RecipientSigning, key => DevelopmentAuthority.SigningRequest(
                new DevelopmentParty(RecipientSigning, "Danmarks Statistik", RecipientOrganisation), key));
        }

        WriteServerKeys(files);
        files.WriteSecret("pseudonym.key", Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(PseudonymKeySizeBytes)) + "\n"));
        return files.Written;
    }

    private static void WriteServerKeys(DevelopmentFolder files)
    {
        using var delivery = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        files.WriteKey("delivery-signing.key", delivery);
        files.WriteText("delivery-signing.pub.pem", delivery.ExportSubjectPublicKeyInfoPem() + "\n");

        using var log = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        files.WriteKey("log-signing.key", log);
        using var witness = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        files.WriteKey("dst-witness.key", witness);
        var verifier = new VerifierKey(NoteKeyKind.Log, LogOrigin, log.ExportSubjectPublicKeyInfo());
        var witnessVerifier = new VerifierKey(NoteKeyKind.Witness, WitnessName, witness.ExportSubjectPublicKeyInfo());
        files.WriteText("dst-witness.vkey", witnessVerifier + "\n");
        files.WriteText("log-policy.txt", new LogPolicy(LogOrigin, [verifier], [witnessVerifier]).Encode());
    }

    private static IEnumerable<string> FileNames() =>
    [
        .. new[] { "ca", "server", "recipient-ca", RecipientSigning }.Concat(ClientNames).SelectMany(name => new[] { $"{name}.pem", $"{name}.key" }),
        "delivery-signing.key", "delivery-signing.pub.pem", "log-signing.key", "dst-witness.key", "dst-witness.vkey", "log-policy.txt", "pseudonym.key",
    ];
}

/// <summary>A row of the role table: issued by <see cref="DevelopmentCertificates.Authority"/>, to this organisation, under this name.</summary>
/// <param name="OrganizationIdentifier"><c>NTRDK-</c> and the CVR number, or <c>NTRDK-*</c> for any.</param>
/// <param name="CommonName">Common name of the subject.</param>
/// <param name="Role">The role granted.</param>
public sealed record DevelopmentGrant(string OrganizationIdentifier, string CommonName, string Role);

/// <summary>Whom a development certificate stands for.</summary>
/// <param name="Name">File name and common name.</param>
/// <param name="Organisation">The organisation's name.</param>
/// <param name="Cvr">Its CVR number; <c>NTRDK-</c> and it become the organizationIdentifier.</param>
internal sealed record DevelopmentParty(string Name, string Organisation, string Cvr);
