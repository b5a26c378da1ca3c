using Delivery.Client.Connection;
using Grpc.Core;
using Polly;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Log;

/// <summary>
/// Leaves in order, across cut connections: a call that is cut after the server had answered is made again from the first leaf that is missing, wherever
/// a server answers. One use, one reader.
/// </summary>
internal sealed class LeafStream : IDisposable
{
    // Without anything new in between; the waits before them add up to a quarter of a minute.
    private const int AttemptsMax = 6;

    private readonly Wire.TransferLogService.TransferLogServiceClient _service;
    private readonly ServerConnection _connection;
    private readonly Wire.ListEntriesRequest _request;
    private readonly ResiliencePipeline _patience;
    private AsyncServerStreamingCall<Wire.ListEntriesResponse>? _call;
    private bool _hasAnswered;
    private bool _isOver;

    /// <param name="service">Makes the calls.</param>
    /// <param name="connection">Says what a failure is to the caller.</param>
    /// <param name="request">What is wanted; kept up with what has come.</param>
    public LeafStream(Wire.TransferLogService.TransferLogServiceClient service, ServerConnection connection, Wire.ListEntriesRequest request)
    {
        (_service, _connection, _request) = (service, connection, request);
        // An address where nobody is, is told at once.
        _patience = Repetition.Of(AttemptsMax, connection.Clock, new PredicateBuilder().Handle<RpcException>(failure => _hasAnswered && RpcFailure.IsCut(failure)));
    }

    /// <summary>The leaf that came last.</summary>
    public (long Index, byte[] Leaf) Current { get; private set; }

    /// <summary>Whether another leaf came.</summary>
    /// <exception cref="Refusals.DeliveryClientException">Refused, or cut again and again.</exception>
    public async Task<bool> NextAsync(CancellationToken cancellation)
    {
        try
        {
            return !_isOver && await _patience.ExecuteAsync(static (stream, cancellation) => stream.TryNextAsync(cancellation), this, cancellation);
        }
        catch (RpcException failure)
        {
            throw _connection.Translate(failure, cancellation);
        }
    }

    public void Dispose() => _call?.Dispose();

    private async ValueTask<bool> TryNextAsync(CancellationToken cancellation)
    {
        try
        {
            _call ??= _service.ListEntries(_request, new CallOptions(cancellationToken: cancellation));
            var more = await _call.ResponseStream.MoveNext(cancellation);
            _hasAnswered = true;
            _connection.NoteAnswer();
            return more && Take(_call.ResponseStream.Current);
        }
        catch
        {
            _call?.Dispose();
            _call = null;
            throw;
        }
    }

    private bool Take(Wire.ListEntriesResponse entry)
    {
        Current = (entry.Index, entry.Leaf.ToByteArray());
        // The call that is under way has its own copy; a further one asks for the rest. None left is not the same as no limit.
        _request.FirstIndex = entry.Index + 1;
        _isOver = _request.EntryCountMax > 0 && --_request.EntryCountMax == 0;
        return true;
    }
}
