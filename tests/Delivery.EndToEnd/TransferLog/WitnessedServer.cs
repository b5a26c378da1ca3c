using System.Security.Cryptography;
using Delivery.Client;
using Delivery.Client.Development;
using Delivery.EndToEnd.Running;
using Delivery.Protocol.Log;

namespace Delivery.EndToEnd.TransferLog;

/// <summary>A server that knows the development witness, with the files and clients that those who check its log have.</summary>
internal static class WitnessedServer
{
    public static RunningServer Create(StoreKind store, params ReadOnlySpan<(string Key, string Value)> settings)
    {
        var server = new RunningServer(store, settings);
        server.Settings["Delivery:TransferLog:WitnessKeys:0"] = File.ReadAllText(server.At("dst-witness.vkey")).Trim();
        return server;
    }

    public static string At(this RunningServer server, string name) => Path.Combine(server.CertificateFolder, name);

    public static string PolicyFile(this RunningServer server) => server.At("log-policy.txt");

    /// <summary>The policy of somebody who believes nothing that the witness did not cosign.</summary>
    public static string QuorumPolicyFile(this RunningServer server)
    {
        var file = server.At("quorum-policy.txt");
        File.WriteAllText(file, File.ReadAllText(server.PolicyFile()).Replace("quorum 0", "quorum 1", StringComparison.Ordinal));
        return file;
    }

    /// <summary>A client of the product's own library, on the tests' clock.</summary>
    public static DeliveryClient Client(this RunningServer server, string name) => new(new DeliveryClientOptions
    {
        Address = server.Address,
        ServerRootsFile = server.CertificateFile("ca"),
        CertificateFile = server.CertificateFile(name),
        KeyFile = server.At(name + ".key"),
        Clock = server.Clock,
    });

    public static async Task<Client.Log.CosignReport> CosignAsync(this RunningServer server, string state = "witness.state")
    {
        using var client = server.Client("dst-ingestion");
        return await client.Log.CosignAsync(server.PolicyFile(), server.At("dst-witness.key"), server.At(state));
    }

    /// <summary>A new P-256 key as a PEM file.</summary>
    public static ECDsa NewKey(this RunningServer server, string name)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(server.At(name), key.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(server.At(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return key;
    }

    /// <summary>A policy that believes this log key alone.</summary>
    public static LogPolicy PolicyOf(ECDsa key) =>
        new(DevelopmentCertificates.LogOrigin, [new VerifierKey(NoteKeyKind.Log, DevelopmentCertificates.LogOrigin, key.ExportSubjectPublicKeyInfo())]);
}
