using System.Buffers;
using Grpc.Core;

namespace Delivery.Tests.Compat;

/// <summary>A service written by hand, as the generator would: one method of each kind, with bytes for messages.</summary>
internal static class EchoContract
{
    public const string Service = "delivery.tests.Echo";

    // Two kinds of marshaller, because a transport meets both.
    private static readonly Marshaller<byte[]> Arrays = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    private static readonly Marshaller<byte[]> Buffers = Marshallers.Create<byte[]>(
        (message, context) =>
        {
            context.SetPayloadLength(message.Length);
            context.GetBufferWriter().Write(message);
            context.Complete();
        },
        context => context.PayloadAsReadOnlySequence().ToArray());

    public static Method<byte[], byte[]> Reverse { get; } =
        new(MethodType.Unary, Service, nameof(EchoBase.Reverse), Arrays, Buffers);

    public static Method<byte[], byte[]> Join { get; } =
        new(MethodType.ClientStreaming, Service, nameof(EchoBase.Join), Buffers, Arrays);

    public static Method<byte[], byte[]> Split { get; } =
        new(MethodType.ServerStreaming, Service, nameof(EchoBase.Split), Arrays, Buffers);

    public static Method<byte[], byte[]> Mirror { get; } =
        new(MethodType.DuplexStreaming, Service, nameof(EchoBase.Mirror), Buffers, Buffers);

    /// <summary>Found by the server through <see cref="BindServiceMethodAttribute"/>, which passes no service.</summary>
    public static void Bind(ServiceBinderBase binder, EchoBase? service)
    {
        binder.AddMethod(Reverse, service is null ? null : new UnaryServerMethod<byte[], byte[]>(service.Reverse));
        binder.AddMethod(Join, service is null ? null : new ClientStreamingServerMethod<byte[], byte[]>(service.Join));
        binder.AddMethod(Split, service is null ? null : new ServerStreamingServerMethod<byte[], byte[]>(service.Split));
        binder.AddMethod(Mirror, service is null ? null : new DuplexStreamingServerMethod<byte[], byte[]>(service.Mirror));
    }
}

/// <summary>What a service derives from. The server looks for its methods here, and serves those that are virtual.</summary>
[BindServiceMethod(typeof(EchoContract), nameof(EchoContract.Bind))]
internal abstract class EchoBase
{
    public abstract Task<byte[]> Reverse(byte[] request, ServerCallContext context);

    public abstract Task<byte[]> Join(IAsyncStreamReader<byte[]> requestStream, ServerCallContext context);

    public abstract Task Split(byte[] request, IServerStreamWriter<byte[]> responseStream, ServerCallContext context);

    public abstract Task Mirror(
        IAsyncStreamReader<byte[]> requestStream, IServerStreamWriter<byte[]> responseStream, ServerCallContext context);
}
