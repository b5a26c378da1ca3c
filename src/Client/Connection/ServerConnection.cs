using System.Net.Security;
using System.Security.Authentication;
using Delivery.Client.Refusals;
using Grpc.Core;
using Grpc.Net.Client;

namespace Delivery.Client.Connection;

/// <summary>One channel to one server: mutual TLS 1.3, deadlines, and every failure turned into this library's exceptions. Thread-safe.</summary>
internal sealed class ServerConnection : IDisposable
{
    // Large enough for a bandwidth-delay product of 10 Gbit/s at 6 ms; on loopback it changes nothing.
    private const int StreamWindowBytes = 8 << 20;

    // Batches are at most 1 MiB by plan; the rest is room for other servers, and a bound on what one message may take.
    private const int MessageSizeMaxBytes = 16 << 20;

    private readonly Uri _address;
    private readonly GrpcChannel _channel;
    private readonly ServerTrust _trust;
    private readonly TimeSpan _callTimeout;
    private volatile bool _hasAnswered;

    public ServerConnection(DeliveryClientOptions options)
    {
        if (options.Address.Scheme != Uri.UriSchemeHttps)
        {
            throw new DeliveryClientException(ClientReasons.Settings, nameof(DeliveryClientOptions.Address));
        }

        if (options.CallTimeout <= TimeSpan.Zero)
        {
            throw new DeliveryClientException(ClientReasons.Settings, nameof(DeliveryClientOptions.CallTimeout));
        }

        (Clock, _callTimeout) = (options.Clock, options.CallTimeout);
        _trust = new ServerTrust(options.ServerRootsFile, options.Clock);
        Identity = ClientIdentity.Load(options.CertificateFile, options.KeyFile);
        _address = options.Address;
        _channel = OpenChannel();
        Invoker = _channel.CreateCallInvoker();
    }

    public CallInvoker Invoker { get; }

    public ClientIdentity Identity { get; }

    public TimeProvider Clock { get; }

    /// <summary>
    /// A channel of its own, for a call that may leave its connection in disorder: a server that refuses an upload meets data
    /// on a stream it has closed, and may close the connection on whoever uses it next. The caller disposes it.
    /// </summary>
    public GrpcChannel OpenChannel() => GrpcChannel.ForAddress(_address, new GrpcChannelOptions
    {
        HttpHandler = Handler(),
        DisposeHttpClient = true,
        MaxReceiveMessageSize = MessageSizeMaxBytes,
        MaxSendMessageSize = MessageSizeMaxBytes,
    });

    /// <summary>Makes a call with one answer, within the call timeout.</summary>
    public async Task<TResponse> CallAsync<TResponse>(Func<CallOptions, AsyncUnaryCall<TResponse>> start, CancellationToken cancellation)
    {
        try
        {
            using var call = start(Options(_callTimeout, cancellation));
            var response = await call;
            _hasAnswered = true;
            return response;
        }
        catch (RpcException failure)
        {
            throw Translate(failure, cancellation);
        }
    }

    /// <summary>Options with a deadline from now.</summary>
    public CallOptions Options(TimeSpan timeout, CancellationToken cancellation) =>
        new(deadline: Clock.GetUtcNow().UtcDateTime + timeout, cancellationToken: cancellation);

    /// <summary>Whether the server ever answered: then it is there and knows our certificate.</summary>
    public bool HasAnswered => _hasAnswered;

    /// <summary>Notes that a stream brought something, so that a later break is known to be about the network.</summary>
    public void NoteAnswer() => _hasAnswered = true;

    /// <summary>What a failed call is to the caller.</summary>
    public Exception Translate(RpcException failure, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            return new OperationCanceledException(failure.Message, failure, cancellation);
        }

        _hasAnswered |= failure.Status.DebugException is null;
        return RpcFailure.Translate(failure, _hasAnswered, _trust.HasRefused);
    }

    public void Dispose()
    {
        _channel.Dispose();
        Identity.Dispose();
    }

    private SocketsHttpHandler Handler() => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls13,
            ClientCertificateContext = Identity.Tls,
            RemoteCertificateValidationCallback = _trust.Accept,
        },
        InitialHttp2StreamWindowSize = StreamWindowBytes,
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = TimeSpan.FromSeconds(30),
        KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
    };
}
