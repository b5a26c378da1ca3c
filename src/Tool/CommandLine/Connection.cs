using Delivery.Client;

namespace Delivery.Tool.CommandLine;

/// <summary>How to reach a server in a role, with a folder laid out as <c>delivery certs init</c> lays it out.</summary>
/// <param name="Addresses">The server; several are replicas, tried in their order.</param>
/// <param name="Certs">The folder.</param>
/// <param name="Role">Name of the client certificate.</param>
internal sealed record Connection(IReadOnlyList<Uri> Addresses, string Certs, string Role)
{
    /// <summary>How to reach a server that has one address.</summary>
    public Connection(Uri address, string certs, string role)
        : this([address], certs, role)
    {
    }

    /// <summary>Name of the file with the server's public delivery key.</summary>
    public const string SenderPublicKeyName = "delivery-signing.pub.pem";

    /// <summary>Name of the file that says whom to believe about the transfer log.</summary>
    public const string LogPolicyName = "log-policy.txt";

    /// <summary>The server's public delivery key.</summary>
    public string SenderPublicKeyFile => PathOf(SenderPublicKeyName);

    /// <summary>Whom to believe about the transfer log.</summary>
    public string LogPolicyFile => PathOf(LogPolicyName);

    /// <summary>The witness's key used when none is named.</summary>
    public string WitnessKeyFile => PathOf("dst-witness.key");

    /// <summary>The master key of pseudonyms.</summary>
    public string PseudonymKeyFile => PathOf("pseudonym.key");

    /// <summary>The recipient key used when none is named.</summary>
    public string RecipientKeyFile => PathOf("recipient.key");

    /// <summary>The same server in another role.</summary>
    public Connection As(string role) => this with { Role = role };

    /// <summary>
    /// Connects. The newest checkpoint each role has seen is kept in the folder, so that a log that forgets or rewrites is noticed the
    /// next time.
    /// </summary>
    public DeliveryClient Open() => new(new DeliveryClientOptions
    {
        Address = Addresses[0],
        OtherAddresses = [.. Addresses.Skip(1)],
        ServerRootsFile = PathOf("ca.pem"),
        CertificateFile = PathOf($"{Role}.pem"),
        KeyFile = PathOf($"{Role}.key"),
        CheckpointFile = PathOf($"{Role}.checkpoint"),
    });

    private string PathOf(string name) => Path.Combine(Certs, name);
}
