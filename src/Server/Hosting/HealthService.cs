using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Health.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Delivery.Server.Hosting;

/// <summary>The standard gRPC health check, from the conditions the rooms have registered.</summary>
internal sealed class HealthService(ServiceHealth health, IHostApplicationLifetime lifetime, TimeProvider clock) : Grpc.Health.V1.Health.HealthBase
{
    // How soon a watcher learns of a change at the latest.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        health.Of(request.Service) is var status && status is not ServingStatus.ServiceUnknown
            ? Task.FromResult(new HealthCheckResponse { Status = status })
            : throw new RpcException(new Status(StatusCode.NotFound, "There is no such service."));

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        await foreach (var status in FollowAsync(request.Service, context.CancellationToken))
        {
            await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, context.CancellationToken);
        }
    }

    // The state now and each change. Ends when the server stops, after saying so: who only watches does not hold it up.
    private async IAsyncEnumerable<ServingStatus> FollowAsync(string service, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        using var timer = new PeriodicTimer(Interval, clock);
        ServingStatus? told = null;
        bool goesOn;
        do
        {
            goesOn = await TickAsync(told is null ? null : timer, either.Token);
            var status = health.Of(service);
            if (status != told)
            {
                told = status;
                yield return status;
            }
        }
        while (goesOn);
    }

    // Whether the server goes on. The first look waits for nothing.
    private static async Task<bool> TickAsync(PeriodicTimer? timer, CancellationToken stop)
    {
        try
        {
            return timer is null || await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
