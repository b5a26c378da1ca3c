using System.Net;
using System.Security.Authentication;
using Delivery.Server.Approvals;
using Delivery.Server.Catalogue;
using Delivery.Server.Closure;
using Delivery.Server.Documentation;
using Delivery.Server.Extracts;
using Delivery.Server.Health;
using Delivery.Server.Identity;
using Delivery.Server.Intake;
using Delivery.Server.Storage;
using Delivery.Server.Storage.Postgres;
using Delivery.Server.Storage.Sqlite;
using Delivery.Server.Telemetry;
using Delivery.Server.TransferLog;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Hosting;

/// <summary>Builds the server: settings, services, transport. The public door of a running server; that of a log at rest is <see cref="LogFolder"/>.</summary>
public static class DeliveryServer
{
    // A frame is one sealed batch of about a MiB; a batch of 65,536 rows with every variable stays below this.
    private const int MessageBytesMax = 16 << 20;

    // Flow-control windows large enough that a stream over a long line is limited by the line.
    private const int StreamWindowBytes = 4 << 20;
    private const int ConnectionWindowBytes = 8 << 20;

    // What calls in flight get to come to their end once the server stops; then they are cut, and resumed elsewhere.
    private static readonly TimeSpan EndingTime = TimeSpan.FromSeconds(30);

    private const string ListenKey = "Delivery:Listen";

    /// <summary>Builds a server that has not started. Its addresses stand in <c>Urls</c> once it has.</summary>
    /// <param name="args">Command-line settings, as <c>--Delivery:Listen=127.0.0.1:7443</c>.</param>
    /// <param name="settings">Settings that go before all others.</param>
    /// <exception cref="InvalidOperationException">A setting is missing or wrong; the text names it.</exception>
    public static WebApplication Build(string[] args, IEnumerable<KeyValuePair<string, string?>>? settings = null) =>
        Build(args, settings, _ => { });

    /// <summary>Builds a server with parts of the caller's own, for example its clock; they go before the usual ones.</summary>
    internal static WebApplication Build(string[] args, IEnumerable<KeyValuePair<string, string?>>? settings, Action<IServiceCollection> addParts)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        addParts(builder.Services);
        AddOptions(builder);
        // First, so that the start itself is seen.
        builder.Services.AddHostedService<TelemetryExport>();
        AddRooms(builder.Services);
        builder.Services.AddHostedService<Gauges>();
        builder.Services.AddGrpc(grpc =>
        {
            grpc.Interceptors.Add<CallGuard>();
            grpc.MaxReceiveMessageSize = MessageBytesMax;
            grpc.MaxSendMessageSize = MessageBytesMax;
            grpc.EnableDetailedErrors = false;
        });
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<HealthOptions>>((host, health) => host.ShutdownTimeout = EndingTime + health.Value.DrainTime);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, builder.Configuration[ListenKey] ?? "127.0.0.1:7443"));

        var app = builder.Build();
        HealthPages.Map(app);
        app.Use(UnreadableCalls.InvokeAsync);
        app.MapGrpcService<CatalogueService>();
        app.MapGrpcService<ApprovalService>();
        app.MapGrpcService<IntakeService>();
        app.MapGrpcService<ExtractService>();
        app.MapGrpcService<ClosureService>();
        app.MapGrpcService<ErratumService>();
        app.MapGrpcService<DocumentationService>();
        app.MapGrpcService<TransferLogService>();
        app.MapGrpcService<HealthService>();
        return app;
    }

    private static void AddOptions(WebApplicationBuilder builder)
    {
        Add<DatabaseOptions>(builder, DatabaseOptions.Section, options => options.Problem());
        Add<StorageOptions>(builder, StorageOptions.Section, options => options.Problem());
        Add<IdentityOptions>(builder, IdentityOptions.Section, options => options.Problem());
        Add<LogOptions>(builder, LogOptions.Section, options => options.Problem());
        Add<IntakeOptions>(builder, IntakeOptions.Section, options => options.Problem());
        Add<ExtractOptions>(builder, ExtractOptions.Section, options => options.Problem());
        Add<HealthOptions>(builder, HealthOptions.Section, options => options.Problem());
        TelemetryExport.AddLogging(builder.Logging, Add<TelemetryOptions>(builder, TelemetryOptions.Section, options => options.Problem()));
    }

    private static T Add<T>(WebApplicationBuilder builder, string section, Func<T, string?> problem)
        where T : class, new()
    {
        var options = builder.Configuration.GetSection(section).Get<T>() ?? new T();
        if (problem(options) is { } wrong)
        {
            throw new InvalidOperationException($"{wrong}. Correct the setting; docs/operations.md lists them all.");
        }

        builder.Services.AddSingleton(Options.Create(options));
        return options;
    }

    /// <summary>Everything between the settings and the transport. The simulator of the log core takes it from here too, so that it tests what runs.</summary>
    internal static void AddRooms(IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IMemoryPoolFactory<byte>, KestrelMemory>();
        services.AddSingleton<Store>(provider => provider.GetRequiredService<IOptions<DatabaseOptions>>().Value.Provider is DatabaseProvider.Postgres
            ? ActivatorUtilities.CreateInstance<PostgresStore>(provider)
            : ActivatorUtilities.CreateInstance<SqliteStore>(provider));
        services.AddSingleton<PartitionKeys>().AddSingleton<PartitionStore>();
        services.AddSingleton(provider =>
        {
            // Keys before the database: a missing key is made for a new database only, never for one that needs the old.
            provider.GetRequiredService<PartitionKeys>();
            return ActivatorUtilities.CreateInstance<StoreWriter>(provider);
        });
        services.AddSingleton<StoreCondition>();
        services.AddSingleton<ClientCertificates>().AddSingleton<ServerCertificate>();
        services.AddSingleton<LogKey>().AddSingleton<LogAppender>().AddSingleton<LogAlarm>().AddSingleton<LogGuard>().AddSingleton<PinFile>().AddSingleton<Checkpoints>().AddSingleton<LogStartup>().AddSingleton<LogTail>();
        services.AddSingleton<KeySuccession>().AddSingleton<Witnesses>();
        services.AddSingleton<PublicationDesk>().AddSingleton<ApprovalDesk>().AddSingleton<ImportDesk>().AddSingleton<ImportedQuality>();
        services.AddSingleton<AmendmentDesk>().AddSingleton<ProjectDesk>().AddSingleton<ProjectFeed>().AddSingleton<ProcessingRecord>().AddSingleton<IncidentReport>();
        services.AddSingleton<ExtractDesk>().AddSingleton<ReceiptDesk>().AddSingleton<RecipientKeyDesk>().AddSingleton<DeliveryKey>();
        services.AddSingleton<ClosureDesk>().AddSingleton<ReuseDesk>().AddSingleton<DueHoldings>().AddSingleton<ConfirmationDocument>().AddSingleton<AbandonedExtracts>().AddSingleton<LifeCycleClock>();
        services.AddSingleton<ErratumDesk>().AddSingleton<ErratumFeed>().AddSingleton<NationalFigures>();
        services.AddSingleton<ReplicaRecovery>();
        services.AddSingleton<CallGuard>().AddSingleton<HandshakeFailures>();
        services.AddHostedService<Startup>();
        services.AddHostedService<StoreTrial>();
        services.AddSingleton<CheckpointHeartbeat>().AddSingleton<Drain>();
        services.AddHostedService(provider => provider.GetRequiredService<CheckpointHeartbeat>());
        services.AddHostedService<LogPatrol>();
        services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddHostedService<ServiceNotices>();
        services.AddHostedService(provider => provider.GetRequiredService<ReplicaRecovery>());
        services.AddHostedService(provider => provider.GetRequiredService<HandshakeFailures>());
        services.AddHostedService(provider => provider.GetRequiredService<LifeCycleClock>());
        services.AddSingleton<Readiness>().AddSingleton<ServiceHealth>();
        AddCondition<StoreCondition>(services);
        AddCondition<LogAppender>(services);
        AddCondition<CheckpointHeartbeat>(services);
        AddCondition<LogAlarm>(services);
        AddCondition<Witnesses>(services);
        AddCondition<Drain>(services);
    }

    private static void AddCondition<T>(IServiceCollection services)
        where T : class, IReadinessCondition => services.AddSingleton<IReadinessCondition>(provider => provider.GetRequiredService<T>());

    private static void Listen(KestrelServerOptions kestrel, string endpoint)
    {
        var certificates = kestrel.ApplicationServices.GetRequiredService<ClientCertificates>();
        var server = kestrel.ApplicationServices.GetRequiredService<ServerCertificate>();
        var failures = kestrel.ApplicationServices.GetRequiredService<HandshakeFailures>();
        var health = kestrel.ApplicationServices.GetRequiredService<IOptions<HealthOptions>>().Value;
        if (!IPEndPoint.TryParse(endpoint, out var address))
        {
            throw new InvalidOperationException($"{ListenKey} must be an address and a port, for example 127.0.0.1:7443.");
        }

        kestrel.AddServerHeader = false;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.Http2.InitialStreamWindowSize = StreamWindowBytes;
        kestrel.Limits.Http2.InitialConnectionWindowSize = ConnectionWindowBytes;
        kestrel.Limits.Http2.KeepAlivePingDelay = health.PeerPingDelay;
        kestrel.Limits.Http2.KeepAlivePingTimeout = health.PeerPingTimeout;
        kestrel.Listen(address, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.Use(failures.Watch);
            listen.UseHttps(https =>
            {
                https.ServerCertificate = server.Certificate;
                https.SslProtocols = SslProtocols.Tls13;
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.CheckCertificateRevocation = false;
                https.ClientCertificateValidation = (certificate, chain, _) => certificates.IsGenuine(certificate, chain?.ChainPolicy.ExtraStore);
            });
            listen.Use(HandshakeFailures.Succeeded);
        });
        if (health.Listen.Length > 0)
        {
            HealthPages.Listen(kestrel, IPEndPoint.Parse(health.Listen));
        }
    }
}
