using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Running;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Delivery.EndToEnd.Crash;

/// <summary>Keeps pushing approvals and asking for checkpoints while a stream runs, and remembers each answer, until the server is gone.</summary>
internal sealed class Bystander
{
    private readonly Task _work;

    public Bystander(RunningServer server, int life) => _work = WorkAsync(server, life);

    /// <summary>Approvals the server confirmed, with the leaf it named.</summary>
    public List<(string ProjectId, long LogIndex)> Pushed { get; } = [];

    public List<ByteString> Checkpoints { get; } = [];

    /// <summary>Waits for the last answer, which the server's end is.</summary>
    public Task EndAsync() => _work;

    /// <summary>Everything that was confirmed is in the log.</summary>
    public void RequireIn(AuditorsCopy log)
    {
        foreach (var (projectId, index) in Pushed)
        {
            var leaf = log.Leaves[(int)index];
            Assert.Equal((LeafType.ApprovalPushed, projectId), (leaf.Type, leaf.ProjectId));
        }

        Checkpoints.ForEach(note => log.Require(note));
    }

    private async Task WorkAsync(RunningServer server, int life)
    {
        var log = new TransferLogService.TransferLogServiceClient(server.Channel("auditor"));
        try
        {
            for (var round = 0; ; round++)
            {
                var pushed = await server.PushAsync(SampleApproval.Of(server, $"BYSTANDER-{life}-{round}"));
                Pushed.Add((pushed.ProjectId, pushed.LogIndex));
                Checkpoints.Add((await log.GetCheckpointAsync(new GetCheckpointRequest())).Checkpoint);
            }
        }
        catch (RpcException)
        {
            // The server was killed: what was under way has no answer.
        }
    }
}
