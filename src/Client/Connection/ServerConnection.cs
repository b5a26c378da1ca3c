using System.Net;
using Delivery.Client.Refusals;
using Grpc.Core;
using Grpc.Health.V1;

namespace Delivery.Client.Connection;

/// <summary>The way to a server, at one address or several: deadlines, and every failure turned into this library's exceptions. Thread-safe.</summary>
internal sealed class ServerConnection : IDisposable
{
    private readonly Replicas _replicas;
    private readonly TimeSpan _callTimeout;
    private volatile bool _hasAnswered;

    public ServerConnection(DeliveryClientOptions options, NameLookup? resolve = null)
    {
        Uri[] addresses = [options.Address, .. options.OtherAddresses];
        if (addresses.Any(address => address.Scheme != Uri.UriSchemeHttps))
        {
            throw new DeliveryClientException(ClientReasons.Settings, nameof(DeliveryClientOptions.Address));
        }

        if (options.CallTimeout <= TimeSpan.Zero)
        {
            throw new DeliveryClientException(ClientReasons.Settings, nameof(DeliveryClientOptions.CallTimeout));
        }

        if (options.ConnectTimeout <= TimeSpan.Zero)
        {
            throw new DeliveryClientException(ClientReasons.Settings, nameof(DeliveryClientOptions.ConnectTimeout));
        }

        (Clock, _callTimeout) = (options.Clock, options.CallTimeout);
        var trust = new ServerTrust(options.ServerRootsFile, options.Clock);
        Identity = ClientIdentity.Load(options.CertificateFile, options.KeyFile);
        var access = new ReplicaAccess(Identity, trust, options.ConnectTimeout, resolve ?? Dns.GetHostAddressesAsync);
        _replicas = new Replicas([.. addresses.Distinct().Select(address => new Replica(address, access))]);
        Invoker = new ReplicaInvoker(_replicas, Clock);
    }

    public CallInvoker Invoker { get; }

    public ClientIdentity Identity { get; }

    public TimeProvider Clock { get; }

    /// <summary>
    /// A replica for a call that cannot be moved once it has begun. Where there are several one that answers is found first; one alone is told by the
    /// call itself.
    /// </summary>
    /// <exception cref="DeliveryClientException">None answers.</exception>
    public async Task<Replica> FindReplicaAsync(CancellationToken cancellation)
    {
        var health = new Health.HealthClient(Invoker);
        for (var asked = 1; asked < _replicas.Ways; asked++)
        {
            try
            {
                var answer = await CallAsync(options => health.CheckAsync(new HealthCheckRequest(), options), cancellation);
                if (answer.Status != HealthCheckResponse.Types.ServingStatus.NotServing)
                {
                    break;
                }

                _replicas.MoveOn(_replicas.Current, new RpcException(new Status(StatusCode.Unavailable, "The replica does not serve.")));
            }
            catch (DeliveryRefusedException)
            {
                // It answers. What it thinks of this caller the call itself will tell.
                break;
            }
        }

        return _replicas.Current;
    }

    /// <summary>What the failure of a call at one replica is to the caller; if it was cut, the next call goes elsewhere.</summary>
    public Exception Translate(RpcException failure, Replica replica, CancellationToken cancellation)
    {
        if (RpcFailure.IsCut(failure) && !cancellation.IsCancellationRequested)
        {
            _replicas.MoveOn(replica, failure);
        }

        return Translate(failure, cancellation);
    }

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
        return RpcFailure.Translate(failure, _hasAnswered, _replicas.HasUntrusted, _replicas.Failures);
    }

    public void Dispose()
    {
        _replicas.Dispose();
        Identity.Dispose();
    }
}
