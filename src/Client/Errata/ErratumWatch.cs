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
    private readonly ReopenedStream<Wire.WatchErrataResponse> _answers = new(open, translate, clock);

    /// <summary>News until cancelled or refused.</summary>
    public async IAsyncEnumerable<ErratumNews> RunAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var told = new Dictionary<Google.Protobuf.ByteString, Wire.WatchErrataResponse>();
        await foreach (var news in _answers.ReadAsync(cancellation))
        {
            if (news.Erratum is null || IsKnown(told, news))
            {
                continue;
            }

            told[news.Erratum.Document] = news;
            yield return new ErratumNews(ErratumMessages.Read(news.Erratum), [.. news.Deliveries.Select(ErratumMessages.Read)], news.LogSize);
        }
    }

    private static bool IsKnown(Dictionary<Google.Protobuf.ByteString, Wire.WatchErrataResponse> told, Wire.WatchErrataResponse news) =>
        told.TryGetValue(news.Erratum.Document, out var before) && before.Erratum.Equals(news.Erratum) && before.Deliveries.Equals(news.Deliveries);
}
