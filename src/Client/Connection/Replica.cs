using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Core;
using Grpc.Net.Client;

namespace Delivery.Client.Connection;

/// <summary>One address of the server: mutual TLS 1.3, a channel that connects at the first call, and what became of the last. Threads share it.</summary>
internal sealed class Replica : IDisposable
{
    // Large enough for a bandwidth-delay product of 10 Gbit/s at 6 ms; on loopback it changes nothing.
    private const int StreamWindowBytes = 8 << 20;

    // Batches are at most 1 MiB by plan; the rest is room for other servers, and a bound on what one message may take.
    private const int MessageSizeMaxBytes = 16 << 20;

    private readonly ReplicaAccess _access;
    private readonly HostAddresses _host;
    private readonly GrpcChannel _channel;
    private volatile string? _failure;

    public Replica(Uri address, ReplicaAccess access)
    {
        (Address, _access) = (address, access);
        _host = new HostAddresses(access.Resolve, access.ConnectTimeout);
        _channel = OpenChannel();
        Invoker = _channel.CreateCallInvoker();
    }

    public Uri Address { get; }

    public CallInvoker Invoker { get; }

    /// <summary>How many machines the name stood for when it was last looked up.</summary>
    public int Ways => _host.Count;

    /// <summary>Whether the last handshake ended because our own check turned the certificate away.</summary>
    public bool HasUntrusted { get; private set; }

    /// <summary>The address and why it did not serve, without words of any language; null when it did or was not asked.</summary>
    public string? Failure => _failure is { } why ? $"{Address.Authority} {why}" : null;

    /// <summary>
    /// A channel of its own, for a call that may leave its connection in disorder: a server that refuses an upload meets data
    /// on a stream it has closed, and may close the connection on whoever uses it next. The caller disposes it.
    /// </summary>
    public GrpcChannel OpenChannel() => GrpcChannel.ForAddress(Address, new GrpcChannelOptions
    {
        HttpHandler = Handler(),
        DisposeHttpClient = true,
        MaxReceiveMessageSize = MessageSizeMaxBytes,
        MaxSendMessageSize = MessageSizeMaxBytes,
    });

    public void NoteAnswer() => _failure = null;

    /// <summary>Remembers why a call was cut. If the name stands for several machines the next connection is made to another.</summary>
    public void NoteCut(RpcException failure)
    {
        _failure = RpcFailure.Kind(failure);
        _host.Avoid();
    }

    public void Dispose() => _channel.Dispose();

    private SocketsHttpHandler Handler() => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls13,
            ClientCertificateContext = _access.Identity.Tls,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            {
                var isTrusted = _access.Trust.Accepts(certificate, chain, errors);
                HasUntrusted = !isTrusted;
                return isTrusted;
            },
        },
        ConnectCallback = async (context, cancellation) =>
            new NetworkStream(await _host.ConnectAsync(context.DnsEndPoint, cancellation), ownsSocket: true),
        InitialHttp2StreamWindowSize = StreamWindowBytes,
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        ConnectTimeout = _access.ConnectTimeout,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
    };
}

/// <summary>What every address of the server is reached with.</summary>
/// <param name="Identity">Who calls.</param>
/// <param name="Trust">Whom to believe.</param>
/// <param name="ConnectTimeout">For connection and handshake together.</param>
/// <param name="Resolve">Looks up a name.</param>
internal sealed record ReplicaAccess(ClientIdentity Identity, ServerTrust Trust, TimeSpan ConnectTimeout, NameLookup Resolve);
