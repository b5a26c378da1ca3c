using System.Threading.Channels;
using Grpc.Core;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Extracts;

/// <summary>
/// One call of an extract, as a small pipeline: this task receives and opens, a second digests what was opened and hands it
/// on. The channels between are short, so memory is bounded however large the extract. One use.
/// </summary>
internal sealed class ExtractCall(FrameOpener opener, IExtractTransport transport, ChannelWriter<OpenedBatch> output, TimeSpan stallTimeout)
{
    private const int QueueLength = 2;

    private readonly Channel<OpenedBatch> _opened = Channel.CreateBounded<OpenedBatch>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true, SingleWriter = true });

    /// <summary>Called when the header was accepted.</summary>
    public required Action<Wire.ExtractHeader> HeaderAccepted { private get; init; }

    /// <summary>Told how many sealed bytes each batch brought.</summary>
    public required Action<int> BytesReceived { private get; init; }

    /// <summary>Why the call was cut; null when its trailer came.</summary>
    public RpcException? Cut { get; private set; }

    /// <summary>
    /// Runs the call to its trailer or until it is cut; then every batch that opened was digested and handed on.
    /// </summary>
    /// <exception cref="RpcException">The server refused.</exception>
    /// <exception cref="Refusals.ProofRefusedException">A frame was refused.</exception>
    public async Task RunAsync(Wire.StreamExtractRequest request, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var digesting = DigestAsync(ending);
        try
        {
            await ReceiveAsync(request, ending);
        }
        finally
        {
            _opened.Writer.Complete();
            await digesting;
        }
    }

    private async Task ReceiveAsync(Wire.StreamExtractRequest request, CancellationTokenSource ending)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
        try
        {
            stall.CancelAfter(stallTimeout);
            await foreach (var frame in transport.OpenAsync(request, stall.Token))
            {
                stall.CancelAfter(Timeout.InfiniteTimeSpan);
                await TakeAsync(frame, ending.Token);
                stall.CancelAfter(stallTimeout);
            }

            Cut = opener.Trailer is null ? new RpcException(new Status(StatusCode.Unavailable, "The stream ended without its trailer.")) : null;
        }
        catch (RpcException failure) when (opener.Trailer is not null && !ending.IsCancellationRequested)
        {
            // The trailer says that nothing was missing; how the connection ended after it does not matter.
            _ = failure;
        }
        catch (RpcException failure) when (!ending.IsCancellationRequested && (stall.IsCancellationRequested || Connection.RpcFailure.IsCut(failure)))
        {
            Cut = failure;
        }
        catch (OperationCanceledException) when (!ending.IsCancellationRequested && stall.IsCancellationRequested)
        {
            Cut = new RpcException(new Status(StatusCode.Unavailable, "The stream stalled."));
        }
    }

    private async ValueTask TakeAsync(ExtractFrame frame, CancellationToken cancellation)
    {
        if (frame is BatchFrame sealedBatch)
        {
            BytesReceived(sealedBatch.Sealed.Length);
        }

        if (opener.Take(frame) is { } batch)
        {
            await HandOnAsync(_opened.Writer, batch, cancellation);
        }
        else if (opener.Trailer is null)
        {
            HeaderAccepted(opener.Header!);
        }
    }

    private async Task DigestAsync(CancellationTokenSource ending)
    {
        try
        {
            // Off the receiving thread from the first batch on: hashing is the slowest stage.
            await Task.Yield();
            await foreach (var batch in _opened.Reader.ReadAllAsync(CancellationToken.None))
            {
                try
                {
                    opener.Digest(batch);
                }
                catch
                {
                    batch.Dispose();
                    throw;
                }

                await HandOnAsync(output, batch, ending.Token);
            }
        }
        catch
        {
            // The receiver may be waiting for room that nobody makes any more.
            await ending.CancelAsync();
            while (_opened.Reader.TryRead(out var left))
            {
                left.Dispose();
            }

            throw;
        }
    }

    private static async ValueTask HandOnAsync(ChannelWriter<OpenedBatch> to, OpenedBatch batch, CancellationToken cancellation)
    {
        try
        {
            await to.WriteAsync(batch, cancellation);
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }
}
