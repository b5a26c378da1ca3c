using System.Runtime.CompilerServices;
using Delivery.Client.Connection;
using Grpc.Core;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Extracts;

/// <summary>Where the frames of a call come from: the server, or a test that plays one.</summary>
internal interface IExtractTransport
{
    /// <summary>Makes one call. Failures come as <see cref="RpcException"/>.</summary>
    IAsyncEnumerable<ExtractFrame> OpenAsync(Wire.StreamExtractRequest request, CancellationToken cancellation);

    /// <summary>What a failure is to the caller.</summary>
    Exception Translate(RpcException failure, CancellationToken cancellation);
}

/// <summary>Frames from the server.</summary>
internal sealed class ExtractTransport(ServerConnection connection) : IExtractTransport
{
    public async IAsyncEnumerable<ExtractFrame> OpenAsync(
        Wire.StreamExtractRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // No deadline: an extract takes as long as it takes. A call that stalls is ended by its reader.
        var options = new CallOptions(cancellationToken: cancellation);
        using var call = connection.Invoker.AsyncServerStreamingCall(ExtractFrameMarshaller.StreamExtract, null, options, request);
        while (await call.ResponseStream.MoveNext(cancellation))
        {
            connection.NoteAnswer();
            yield return call.ResponseStream.Current;
        }
    }

    public Exception Translate(RpcException failure, CancellationToken cancellation) => connection.Translate(failure, cancellation);
}
