using Grpc.Core;

namespace Delivery.Tests.Compat;

/// <summary>The client the generator would write for <see cref="EchoContract"/>.</summary>
internal sealed class EchoClient : ClientBase<EchoClient>
{
    public EchoClient(ChannelBase channel)
        : base(channel)
    {
    }

    public EchoClient(CallInvoker invoker)
        : base(invoker)
    {
    }

    public EchoClient()
    {
    }

    private EchoClient(ClientBaseConfiguration configuration)
        : base(configuration)
    {
    }

    public byte[] ReverseBlocking(byte[] request, CallOptions options = default) =>
        CallInvoker.BlockingUnaryCall(EchoContract.Reverse, null, options, request);

    public AsyncUnaryCall<byte[]> Reverse(byte[] request, CallOptions options = default) =>
        CallInvoker.AsyncUnaryCall(EchoContract.Reverse, null, options, request);

    public AsyncClientStreamingCall<byte[], byte[]> Join(CallOptions options = default) =>
        CallInvoker.AsyncClientStreamingCall(EchoContract.Join, null, options);

    public AsyncServerStreamingCall<byte[]> Split(byte[] request, CallOptions options = default) =>
        CallInvoker.AsyncServerStreamingCall(EchoContract.Split, null, options, request);

    public AsyncDuplexStreamingCall<byte[], byte[]> Mirror(CallOptions options = default) =>
        CallInvoker.AsyncDuplexStreamingCall(EchoContract.Mirror, null, options);

    protected override EchoClient NewInstance(ClientBaseConfiguration configuration) => new(configuration);
}
