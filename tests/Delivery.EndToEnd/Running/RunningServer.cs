using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Delivery.Client.Development;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Server.Hosting;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Delivery.EndToEnd.Running;

/// <summary>
/// The real server on a free port of this machine, with its own certificates, and a data folder and a database that outlive a restart. Disposing it
/// removes both. One test at a time starts and stops it.
/// </summary>
public sealed class RunningServer : IAsyncDisposable
{
    private readonly List<GrpcChannel> _channels = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("delivery-e2e-").FullName;
    private readonly X509Certificate2 _serverCertificate;
    private readonly List<ITestDatabase> _databases = [];
    private WebApplication? _app;

    internal RunningServer(StoreKind store, params ReadOnlySpan<(string Key, string Value)> settings)
    {
        Store = store;
        DevelopmentCertificates.Create(CertificateFolder, Clock);
        BeginAnew();
        _serverCertificate = Certificate("server");
        Settings = Defaults();
        foreach (var (key, value) in settings)
        {
            Settings[key] = value;
        }
    }

    internal StoreKind Store { get; }

    internal TurnableClock Clock { get; } = new();

    internal CapturedLog Log { get; } = new();

    internal string CertificateFolder => Path.Combine(_folder, "certificates");

    internal string KeyEncryptionKeyFile => Path.Combine(_folder, "kek");

    /// <summary>The pin, and the database where that is a file.</summary>
    internal string DataFolder { get; private set; }

    internal ITestDatabase Database => _databases[^1];

    internal Dictionary<string, string?> Settings { get; }

    /// <summary>Parts of a test's own, which go before the server's; read at each start.</summary>
    internal Action<IServiceCollection> OwnParts { get; set; } = _ => { };

    /// <summary>Address of a process of its own that serves this data folder; null while it is served from this process.</summary>
    internal Uri? ChildAddress { get; set; }

    internal Uri Address => ChildAddress ?? AddressWith(Uri.UriSchemeHttps);

    /// <summary>The door for health checks, where the settings open one.</summary>
    internal Uri HealthAddress => AddressWith(Uri.UriSchemeHttp);

    /// <summary>A server that has started.</summary>
    internal static async Task<RunningServer> StartNewAsync(StoreKind store, params (string Key, string Value)[] settings)
    {
        var server = new RunningServer(store, settings);
        await server.StartAsync();
        return server;
    }

    /// <summary>From the next start it has an empty data folder and an empty database. What it had stays until it is disposed.</summary>
    [MemberNotNull(nameof(DataFolder))]
    internal void BeginAnew()
    {
        DataFolder = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"data-{_databases.Count}"));
        _databases.Add(Store switch
        {
            StoreKind.Sqlite => new SqliteDatabase(DataFolder),
            StoreKind.Postgres => new PostgresDatabase(),
        });
    }

    /// <summary>The settings of a server that is started now, by this process or another.</summary>
    internal Dictionary<string, string?> SettingsToStart()
    {
        Settings["Delivery:Storage:DataFolder"] = DataFolder;
        foreach (var (key, value) in Database.Settings)
        {
            Settings[key] = value;
        }

        return Settings;
    }

    /// <summary>Everything that a stopped server has written down: the files of its data folder and its database.</summary>
    internal IReadOnlyList<(string Name, byte[] Bytes)> Written() =>
        [.. Directory.GetFiles(DataFolder).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file))), .. Database.Contents()];

    /// <summary>A part of the running server.</summary>
    internal T Get<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();

    internal async Task StartAsync()
    {
        var app = DeliveryServer.Build([], SettingsToStart(), services =>
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
    internal GrpcChannel Channel(X509Certificate2? certificate) => Channel(certificate, Address);

    /// <summary>The same by way of another address.</summary>
    internal GrpcChannel Channel(X509Certificate2? certificate, Uri address)
    {
        var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
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
        _databases.ForEach(database => database.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private Uri AddressWith(string scheme) => _app!.Urls.Select(url => new Uri(url)).Single(url => url.Scheme == scheme);

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
