using Grpc.Core;
using Grpc.Health.V1;

namespace Delivery.Server.Hosting;

/// <summary>The standard gRPC health check. A server that answers at all serves: what could keep it from serving stops its start.</summary>
internal sealed class HealthService : Health.HealthBase
{
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        request.Service.Length == 0 || Identity.AccessTable.Methods.Any(method => method.StartsWith($"/{request.Service}/", StringComparison.Ordinal))
            ? Task.FromResult(new HealthCheckResponse { Status = HealthCheckResponse.Types.ServingStatus.Serving })
            : throw new RpcException(new Status(StatusCode.NotFound, "There is no such service."));
}
