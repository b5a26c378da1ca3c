using Grpc.Core;

namespace Delivery.Tests.Compat;

/// <summary>
/// Answers with what it was sent. Headers tell it how to behave: <c>act</c> names a behaviour, and every entry whose key
/// starts with <c>echo-</c> comes back, in the headers and in the trailers.
/// </summary>
internal sealed class EchoService(EchoWatch watch) : EchoBase
{
    public override async Task<byte[]> Reverse(byte[] request, ServerCallContext context)
    {
        await Begin(context);
        return [.. request.Reverse()];
    }

    public override async Task<byte[]> Join(IAsyncStreamReader<byte[]> requestStream, ServerCallContext context)
    {
        await Begin(context);
        var all = new List<byte>();
        await foreach (var part in requestStream.ReadAllAsync(context.CancellationToken))
        {
            all.AddRange(part);
        }

        return [.. all];
    }

    public override async Task Split(byte[] request, IServerStreamWriter<byte[]> responseStream, ServerCallContext context)
    {
        await Begin(context);
        foreach (var part in request)
        {
            await responseStream.WriteAsync([part], context.CancellationToken);
        }
    }

    public override async Task Mirror(
        IAsyncStreamReader<byte[]> requestStream, IServerStreamWriter<byte[]> responseStream, ServerCallContext context)
    {
        await Begin(context);
        while (await requestStream.MoveNext())
        {
            await responseStream.WriteAsync(requestStream.Current);
        }
    }

    private async Task Begin(ServerCallContext context)
    {
        watch.Saw(context);
        var echoed = new Metadata();
        foreach (var entry in context.RequestHeaders.Where(entry => entry.Key.StartsWith("echo-", StringComparison.Ordinal)))
        {
            echoed.Add(entry);
            context.ResponseTrailers.Add(entry);
        }

        if (echoed.Count > 0)
        {
            await context.WriteResponseHeadersAsync(echoed);
        }

        await Act(context);
    }

    private async Task Act(ServerCallContext context)
    {
        switch (context.RequestHeaders.GetValue("act"))
        {
            case "refuse":
                var reason = new Metadata { { "reason", "no approval" }, { "reason-bin", EchoWatch.EveryByte } };
                throw new RpcException(new Status(StatusCode.PermissionDenied, "Not yours to read: æøå."), reason);
            case "set-status":
                context.Status = new Status(StatusCode.FailedPrecondition, "not sealed");
                break;
            case "break":
                throw new InvalidOperationException("a fault inside");
            case "wait":
                await watch.UntilCancelled(context.CancellationToken);
                break;
            case "fail-twice" when context.RequestHeaders.GetValue("grpc-previous-rpc-attempts") is not "2":
                throw new RpcException(new Status(StatusCode.Unavailable, "busy"));
        }
    }
}
