using Grpc.Core;

namespace Delivery.Client.Connection;

/// <summary>One call's way through the replicas: each once in a round, a bounded number of rounds, longer and longer waits between them. One use.</summary>
/// <param name="replicas">Where it may go.</param>
/// <param name="roundsMax">Rounds in all; one address alone is asked once.</param>
/// <param name="isRepeatable">Whether the call may be made again although the server may have carried it out.</param>
/// <param name="clock">Measures the waits.</param>
internal sealed class ReplicaRounds(Replicas replicas, int roundsMax, bool isRepeatable, TimeProvider clock)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);

    private RpcException? _mostTelling;
    private int _attempts;

    /// <summary>Where the call goes now.</summary>
    public Replica Replica { get; private set; } = replicas.Current;

    /// <summary>Takes note of a failure. Returns when the call may be made again at <see cref="Replica"/>.</summary>
    /// <exception cref="RpcException">It may not: the server answered, or every way was tried. The failure that says most.</exception>
    public async Task MoveOnAsync(RpcException failure, CancellationToken cancellation)
    {
        if (!RpcFailure.IsCut(failure))
        {
            Replica.NoteAnswer();
            throw failure;
        }

        if (cancellation.IsCancellationRequested)
        {
            throw failure;
        }

        replicas.MoveOn(Replica, failure);
        Replica = replicas.Current;
        _mostTelling = _mostTelling is null || RpcFailure.Weight(failure) >= RpcFailure.Weight(_mostTelling) ? failure : _mostTelling;
        var ways = replicas.Ways;
        _attempts++;
        if (ways == 1 || _attempts >= ways * roundsMax || !(isRepeatable || RpcFailure.IsNotConnected(failure)))
        {
            throw _mostTelling;
        }

        if (_attempts % ways == 0)
        {
            await Task.Delay(FirstWait * (1 << (_attempts / ways - 1)), clock, cancellation);
        }
    }
}
