using System.Runtime.CompilerServices;
using Delivery.Client.Connection;
using Grpc.Core;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Errata;

/// <summary>
/// Follows errata across cut connections. Each connection begins with everything, so what was told before and has not changed is left out.
/// One use at a time.
/// </summary>
/// <param name="open">Makes one call; failures come as <see cref="RpcException"/>.</param>
/// <param name="translate">What a failure is to the caller.</param>
/// <param name="clock">Measures the waits.</param>
internal sealed class ErratumWatch(
    Func<CancellationToken, IAsyncEnumerable<Wire.WatchErrataResponse>> open, Func<RpcException, CancellationToken, Exception> translate, TimeProvider clock)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>News until cancelled or refused; a call that is cut or ends is made again.</summary>
    public async IAsyncEnumerable<ErratumNews> RunAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var told = new Dictionary<Google.Protobuf.ByteString, Wire.WatchErrataResponse>();
        var wait = FirstWait;
        while (true)
        {
            await using var answers = open(cancellation).GetAsyncEnumerator(cancellation);
            while (await NextAsync(answers, cancellation))
            {
                wait = FirstWait;
                var news = answers.Current;
                if (news.Erratum is null || IsKnown(told, news))
                {
                    continue;
                }

                told[news.Erratum.Document] = news;
                yield return new ErratumNews(ErratumMessages.Read(news.Erratum), [.. news.Deliveries.Select(ErratumMessages.Read)], news.LogSize);
            }

            await Task.Delay(wait, clock, cancellation);
            wait = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, LongestWait.Ticks));
        }
    }

    private static bool IsKnown(Dictionary<Google.Protobuf.ByteString, Wire.WatchErrataResponse> told, Wire.WatchErrataResponse news) =>
        told.TryGetValue(news.Erratum.Document, out var before) && before.Erratum.Equals(news.Erratum) && before.Deliveries.Equals(news.Deliveries);

    private async Task<bool> NextAsync(IAsyncEnumerator<Wire.WatchErrataResponse> answers, CancellationToken cancellation)
    {
        try
        {
            return await answers.MoveNextAsync();
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
