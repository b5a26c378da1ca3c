using System.Globalization;
using Delivery.Benchmarks.Stores;
using Delivery.Client;
using Delivery.Client.Development;
using Delivery.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Delivery.Benchmarks;

/// <summary>The real server with mutual TLS on this machine, its store in a temporary folder.</summary>
internal sealed class BenchmarkServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _folder;

    private BenchmarkServer(WebApplication app, string folder) => (_app, _folder) = (app, folder);

    public static async Task<BenchmarkServer> StartAsync(BenchmarkDatabase? database = null)
    {
        var folder = Directory.CreateTempSubdirectory("delivery-benchmark-").FullName;
        DevelopmentCertificates.Create(folder, TimeProvider.System);
        var app = DeliveryServer.Build([], Settings(folder, database), services => services.AddLogging(logging => logging.ClearProviders()));
        await app.StartAsync();
        return new BenchmarkServer(app, folder);
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>A client with the test system's certificate.</summary>
    public DeliveryClient Client()
    {
        string File(string name) => Path.Combine(_folder, name);
        return new DeliveryClient(new DeliveryClientOptions
        {
            Address = new Uri(_app.Urls.Single()),
            ServerRootsFile = File("ca.pem"),
            CertificateFile = File("stil-intake.pem"),
            KeyFile = File("stil-intake.key"),
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static Dictionary<string, string?> Settings(string folder, BenchmarkDatabase? database)
    {
        string File(string name) => Path.Combine(folder, name);
        var settings = new Dictionary<string, string?>
        {
            ["Delivery:Listen"] = "127.0.0.1:0",
            ["Delivery:Storage:DataFolder"] = File("data"),
            ["Delivery:Storage:KeyEncryptionKeyFile"] = File("kek"),
            ["Delivery:Identity:ServerCertificateFile"] = File("server.pem"),
            ["Delivery:Identity:ServerKeyFile"] = File("server.key"),
            ["Delivery:Identity:ClientRootsFile"] = File("ca.pem"),
            ["Delivery:TransferLog:Origin"] = DevelopmentCertificates.LogOrigin,
            ["Delivery:TransferLog:SigningKeyFile"] = File("log-signing.key"),
            ["Delivery:Extracts:SigningKeyFile"] = File("delivery-signing.key"),
            ["Delivery:Extracts:RecipientKeyRootsFile"] = File("recipient-ca.pem"),
            ["Delivery:Intake:CprPolicy"] = "Synthetic",
        };
        foreach (var (index, grant) in DevelopmentCertificates.Grants.Index())
        {
            var row = string.Create(CultureInfo.InvariantCulture, $"Delivery:Identity:Roles:{index}:");
            settings[row + "Issuer"] = DevelopmentCertificates.Authority;
            settings[row + "OrganizationIdentifier"] = grant.OrganizationIdentifier;
            settings[row + "CommonName"] = grant.CommonName;
            settings[row + "Role"] = grant.Role;
        }

        foreach (var (key, value) in database?.Settings ?? [])
        {
            settings[key] = value;
        }

        return settings;
    }
}
