using Grpc.Core;

namespace Delivery.Client.Connection;

/// <summary>The messages of a stream, from the first replica that takes the call. One reader.</summary>
/// <param name="replicas">Told of a cut, so that the next stream is opened elsewhere.</param>
/// <param name="rounds">Where to try.</param>
/// <param name="open">Makes the call at a replica.</param>
internal sealed class ReplicaStream<T>(Replicas replicas, ReplicaRounds rounds, Func<Replica, AsyncServerStreamingCall<T>> open) : IAsyncStreamReader<T>, IDisposable
{
    private AsyncServerStreamingCall<T> _call = open(rounds.Replica);
    private bool _hasBegun;

    public T Current => _call.ResponseStream.Current;

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var isMessage = await _call.ResponseStream.MoveNext(cancellationToken);
                rounds.Replica.NoteAnswer();
                _hasBegun = true;
                return isMessage;
            }
            catch (RpcException failure) when (_hasBegun)
            {
                if (RpcFailure.IsCut(failure) && !cancellationToken.IsCancellationRequested)
                {
                    replicas.MoveOn(rounds.Replica, failure);
                }

                throw;
            }
            catch (RpcException failure)
            {
                await rounds.MoveOnAsync(failure, cancellationToken);
                _call.Dispose();
                _call = open(rounds.Replica);
            }
        }
    }

    public void Dispose() => _call.Dispose();
}
