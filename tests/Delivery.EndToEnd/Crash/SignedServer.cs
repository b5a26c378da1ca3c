using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Running;
using Delivery.Protocol.V1;

namespace Delivery.EndToEnd.Crash;

/// <summary>Servers whose log was signed, so that whatever happens to their database afterwards contradicts something.</summary>
internal static class SignedServer
{
    /// <summary>The leaf of an approval, signed long before the harm is done; nothing reads it at the start.</summary>
    public const int Victim = 2;

    /// <summary>A stopped server with a signed leaf.</summary>
    public static async Task<RunningServer> StoppedAsync(StoreKind store)
    {
        var server = await RunningServer.StartNewAsync(store);
        Assert.Equal(Victim, (await server.PushAsync(SampleApproval.Of(server, "DAMAGED"))).LogIndex);
        await server.SignAsync();
        await server.StopAsync();
        return server;
    }

    /// <summary>Has the server sign its log and move its pin.</summary>
    public static async Task SignAsync(this RunningServer server) =>
        await new TransferLogService.TransferLogServiceClient(server.Channel("auditor")).GetCheckpointAsync(new GetCheckpointRequest());
}
