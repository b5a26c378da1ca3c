using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Delivery.Client.Development;
using Delivery.Server.Hosting;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Delivery.EndToEnd.Running;

/// <summary>
/// The real server on a free port of this machine, with its own certificates and a data folder that outlives a restart. Disposing it removes the
/// folder. One test at a time starts and stops it.
/// </summary>
public sealed class RunningServer : IAsyncDisposable
{
    private readonly List<GrpcChannel> _channels = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("delivery-e2e-").FullName;
    private readonly X509Certificate2 _serverCertificate;
    private WebApplication? _app;

    internal RunningServer(params ReadOnlySpan<(string Key, string Value)> settings)
    {
        DevelopmentCertificates.Create(CertificateFolder, Clock);
        DataFolder = Path.Combine(_folder, "data");
        _serverCertificate = Certificate("server");
        Settings = Defaults();
        foreach (var (key, value) in settings)
        {
            Settings[key] = value;
        }
    }

    internal TurnableClock Clock { get; } = new();

    internal CapturedLog Log { get; } = new();

    internal string CertificateFolder => Path.Combine(_folder, "certificates");

    internal string KeyEncryptionKeyFile => Path.Combine(_folder, "kek");

    /// <summary>The database, its write-ahead log and the pin. Another folder counts from the next start.</summary>
    internal string DataFolder { get; set; }

    internal Dictionary<string, string?> Settings { get; }

    /// <summary>Parts of a test's own, which go before the server's; read at each start.</summary>
    internal Action<IServiceCollection> OwnParts { get; set; } = _ => { };

    /// <summary>Address of a process of its own that serves this data folder; null while it is served from this process.</summary>
    internal Uri? ChildAddress { get; set; }

    internal Uri Address => ChildAddress ?? new(_app!.Urls.Single());

    /// <summary>A server that has started.</summary>
    internal static async Task<RunningServer> StartNewAsync(params (string Key, string Value)[] settings)
    {
        var server = new RunningServer(settings);
        await server.StartAsync();
        return server;
    }

    /// <summary>A part of the running server.</summary>
    internal T Get<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();

    internal async Task StartAsync()
    {
        Settings["Delivery:Storage:DataFolder"] = DataFolder;
        var app = DeliveryServer.Build([], Settings, services =>
        {
            services.AddSingleton<TimeProvider>(Clock);
            services.AddLogging(logging => logging.ClearProviders().AddProvider(Log));
            OwnParts(services);
        });
        try
        {
            await app.StartAsync();
            _app = app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends calls, writes what is left, and closes the database.</summary>
    internal async Task StopAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        _channels.Clear();
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }

    /// <summary>A new connection as the holder of one of the development certificates.</summary>
    internal GrpcChannel Channel(string certificateName) => Channel(Certificate(certificateName));

    /// <summary>A new connection with any certificate, or with none.</summary>
    internal GrpcChannel Channel(X509Certificate2? certificate)
    {
        var channel = GrpcChannel.ForAddress(Address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                SslOptions =
                {
                    ClientCertificates = certificate is null ? [] : [certificate],
                    RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == _serverCertificate.Thumbprint,
                },
            },
            DisposeHttpClient = true,
            MaxReceiveMessageSize = 16 << 20,
        });
        _channels.Add(channel);
        return channel;
    }

    internal X509Certificate2 Certificate(string name) =>
        X509Certificate2.CreateFromPemFile(CertificateFile(name), Path.Combine(CertificateFolder, name + ".key"));

    internal string CertificateFile(string name) => Path.Combine(CertificateFolder, name + ".pem");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _serverCertificate.Dispose();
        // Pooled readers of this server's files would otherwise keep them open.
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        LeafScan.Require(_folder);
        Directory.Delete(_folder, recursive: true);
    }

    private Dictionary<string, string?> Defaults()
    {
        var settings = new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = "Debug",
            ["Logging:LogLevel:Microsoft.AspNetCore"] = "Debug",
            ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Debug",
            ["Logging:LogLevel:Grpc"] = "Debug",
            ["Delivery:Listen"] = "127.0.0.1:0",
            ["Delivery:Storage:KeyEncryptionKeyFile"] = KeyEncryptionKeyFile,
            ["Delivery:Identity:ServerCertificateFile"] = CertificateFile("server"),
            ["Delivery:Identity:ServerKeyFile"] = Path.Combine(CertificateFolder, "server.key"),
            ["Delivery:Identity:ClientRootsFile"] = CertificateFile("ca"),
            ["Delivery:TransferLog:Origin"] = DevelopmentCertificates.LogOrigin,
            ["Delivery:TransferLog:SigningKeyFile"] = Path.Combine(CertificateFolder, "log-signing.key"),
            ["Delivery:Extracts:SigningKeyFile"] = Path.Combine(CertificateFolder, "delivery-signing.key"),
            ["Delivery:Extracts:RecipientKeyRootsFile"] = CertificateFile("recipient-ca"),
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

        return settings;
    }
}
