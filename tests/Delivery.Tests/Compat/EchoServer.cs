using System.Net;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Delivery.Tests.Compat;

/// <summary>The echo service on a Kestrel of its own: HTTP/2 without TLS on a free loopback port.</summary>
internal sealed class EchoServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly List<GrpcChannel> channels = [];

    private EchoServer(WebApplication app) => this.app = app;

    public EchoWatch Watch => app.Services.GetRequiredService<EchoWatch>();

    /// <summary>Serves <see cref="EchoService"/>, or a ready-made definition in its place.</summary>
    public static async Task<EchoServer> StartAsync(
        Action<GrpcServiceOptions>? configure = null, ServerServiceDefinition? definition = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton<EchoWatch>();
        builder.Services.AddGrpc(options => configure?.Invoke(options));
        var app = builder.Build();
        if (definition is null)
        {
            app.MapGrpcService<EchoService>();
        }
        else
        {
            app.MapGrpcService(definition);
        }

        await app.StartAsync();
        return new EchoServer(app);
    }

    public GrpcChannel Channel(GrpcChannelOptions? options = null)
    {
        var channel = GrpcChannel.ForAddress(app.Urls.Single(), options ?? new GrpcChannelOptions());
        channels.Add(channel);
        return channel;
    }

    public EchoClient Client(GrpcChannelOptions? options = null) => new(Channel(options));

    public async ValueTask DisposeAsync()
    {
        channels.ForEach(channel => channel.Dispose());
        await app.DisposeAsync();
    }
}
