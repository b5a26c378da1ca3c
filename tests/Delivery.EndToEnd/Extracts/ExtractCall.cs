using Delivery.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Delivery.EndToEnd.Extracts;

/// <summary>One streaming call read frame by frame as raw bytes, so that a test sees exactly what was on the wire. Reading stops when the test does.</summary>
internal sealed class ExtractCall : IDisposable
{
    // Once for all calls: a channel keeps every method it has met.
    private static readonly Method<StreamExtractRequest, byte[]> Raw = new(
        MethodType.ServerStreaming,
        "delivery.v1.ExtractService",
        "StreamExtract",
        Marshallers.Create(message => message.ToByteArray(), StreamExtractRequest.Parser.ParseFrom),
        Marshallers.Create(bytes => bytes, bytes => bytes));

    private readonly AsyncServerStreamingCall<byte[]> _call;
    private readonly CancellationTokenSource _end = new();

    public ExtractCall(GrpcChannel channel, StreamExtractRequest request)
    {
        Request = request;
        _call = channel.CreateCallInvoker().AsyncServerStreamingCall(Raw, null, new CallOptions(cancellationToken: _end.Token), request);
    }

    public StreamExtractRequest Request { get; }

    /// <summary>The frames so far, as they came.</summary>
    public List<byte[]> Frames { get; } = [];

    /// <summary>The next frame, or null at the end.</summary>
    public async Task<StreamExtractResponse?> NextAsync()
    {
        if (!await _call.ResponseStream.MoveNext(CancellationToken.None))
        {
            return null;
        }

        Frames.Add(_call.ResponseStream.Current);
        return StreamExtractResponse.Parser.ParseFrom(_call.ResponseStream.Current);
    }

    /// <summary>Goes away in the middle.</summary>
    public void Cut() => _end.Cancel();

    public void Dispose()
    {
        _call.Dispose();
        _end.Dispose();
    }
}
