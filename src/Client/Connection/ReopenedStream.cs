using System.Runtime.CompilerServices;
using Grpc.Core;

namespace Delivery.Client.Connection;

/// <summary>A server's stream of news, across cut connections: a call that is cut or ends is made again, after longer and longer waits. One use at a time.</summary>
/// <param name="open">Makes one call; failures come as <see cref="RpcException"/>.</param>
/// <param name="translate">What a failure is to the caller.</param>
/// <param name="clock">Measures the waits.</param>
internal sealed class ReopenedStream<T>(
    Func<CancellationToken, IAsyncEnumerable<T>> open, Func<RpcException, CancellationToken, Exception> translate, TimeProvider clock)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>Messages until cancelled or refused.</summary>
    public async IAsyncEnumerable<T> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var wait = FirstWait;
        while (true)
        {
            await using var messages = open(cancellation).GetAsyncEnumerator(cancellation);
            while (await NextAsync(messages, cancellation))
            {
                wait = FirstWait;
                yield return messages.Current;
            }

            await Task.Delay(wait, clock, cancellation);
            wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, LongestWait.Ticks));
        }
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<T> messages, CancellationToken cancellation)
    {
        try
        {
            return await messages.MoveNextAsync();
        }
        catch (RpcException failure) when (RpcFailure.IsCut(failure) && !cancellation.IsCancellationRequested)
        {
            return false;
        }
        catch (RpcException failure)
        {
            throw translate(failure, cancellation);
        }
    }
}
