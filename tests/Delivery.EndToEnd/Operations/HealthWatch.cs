using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Delivery.EndToEnd.Operations;

/// <summary>Follows the state of one service.</summary>
internal sealed class HealthWatch(GrpcChannel channel, string service) : IDisposable
{
    // Far beyond what any change takes to be told: only a server that never tells comes this far.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly AsyncServerStreamingCall<HealthCheckResponse> _call = new Health.HealthClient(channel).Watch(new HealthCheckRequest { Service = service });

    /// <summary>The next state told; null when the server ends the watch.</summary>
    public async Task<ServingStatus?> NextAsync() =>
        await _call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience) ? _call.ResponseStream.Current.Status : null;

    public void Dispose() => _call.Dispose();
}
