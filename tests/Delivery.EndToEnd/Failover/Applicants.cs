using System.Diagnostics;
using System.Globalization;
using Delivery.Client.Refusals;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Crash;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Delivery.EndToEnd.Failover;

/// <summary>
/// Keeps pushing approvals through the client library, each again until it is answered, and asks for checkpoints in between. It remembers what it was
/// answered, which must stand for ever.
/// </summary>
internal sealed class Applicants
{
    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Applicants(Fleet fleet, int first, string name) => _work = WorkAsync(fleet, first, name);

    /// <summary>Answered approvals: the leaf that was named, and when the push began and was answered.</summary>
    public List<(string ProjectId, long LogIndex, long Begun, long Answered)> Pushed { get; } = [];

    public List<ByteString> Checkpoints { get; } = [];

    /// <summary>Pushes that were refused for the time being and made again.</summary>
    public int Repeated { get; private set; }

    /// <summary>Waits for the last answer.</summary>
    public async Task EndAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _stop.Dispose();
    }

    /// <summary>Waits until a push was answered that began after a moment.</summary>
    /// <returns>When it was answered.</returns>
    public async Task<long> AnsweredAsync(long begunAfter)
    {
        while (true)
        {
            Task next;
            lock (Pushed)
            {
                if (Pushed.FindIndex(push => push.Begun > begunAfter) is >= 0 and var found)
                {
                    return Pushed[found].Answered;
                }

                next = _next.Task;
            }

            await await Task.WhenAny(next, _work);
            Assert.False(_work.IsCompleted, "They have ended.");
        }
    }

    /// <summary>Everything that was answered is in the log, once.</summary>
    public void RequireIn(AuditorsCopy log)
    {
        foreach (var (projectId, index, _, _) in Pushed)
        {
            Assert.Equal(index, Assert.Single(log.Leaves, leaf => leaf.Type == LeafType.ApprovalPushed && leaf.ProjectId == projectId).Index);
        }

        Checkpoints.ForEach(note => log.Require(note));
    }

    private async Task WorkAsync(Fleet fleet, int first, string name)
    {
        using var client = fleet.Client("stil-approvals", first);
        var channel = fleet.Home.Channel(fleet.Home.Certificate("auditor"), fleet.Replicas[first].Address);
        for (var number = 0; !_stop.IsCancellationRequested; number++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{name}-{first}-{number}");
            var json = Json.Format(SampleApproval.Of(fleet.Home, id));
            var begun = Stopwatch.GetTimestamp();
            var pushed = await PushAsync(client, json);
            lock (Pushed)
            {
                Pushed.Add((id, pushed, begun, Stopwatch.GetTimestamp()));
                _next.TrySetResult();
                _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            try
            {
                Checkpoints.Add((await new TransferLogService.TransferLogServiceClient(channel).GetCheckpointAsync(new GetCheckpointRequest())).Checkpoint);
            }
            catch (RpcException refused) when (refused.StatusCode == StatusCode.Unavailable)
            {
                // This one server is away, or its database; the next time.
            }
        }
    }

    private async Task<long> PushAsync(Client.DeliveryClient client, string json)
    {
        while (true)
        {
            try
            {
                return (await client.Approvals.PushAsync(json)).LogIndex;
            }
            catch (DeliveryRefusedException refused) when (refused.Code == "E_STORE_UNAVAILABLE")
            {
                Repeated++;
            }
            catch (DeliveryClientException unreachable) when (unreachable.Code == "E_SERVER_UNREACHABLE")
            {
                Repeated++;
            }
        }
    }
}
