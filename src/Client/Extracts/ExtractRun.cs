using System.Threading.Channels;
using Delivery.Client.Connection;
using Delivery.Client.Errata;
using Delivery.Client.Log;
using Delivery.Client.Refusals;
using Delivery.Client.Telemetry;
using Delivery.Protocol.Log;
using Grpc.Core;
using Polly;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Extracts;

/// <summary>
/// Brings one extract in whole: as many calls as it takes, each going on where the last was cut, until a trailer is proven.
/// A call that brings something starts the count of attempts anew; a refusal ends the run. One use.
/// </summary>
internal sealed class ExtractRun(
    ExtractInfo extract,
    ExtractPosition start,
    ExtractTrust trust,
    IExtractTransport transport,
    CheckpointMemory memory,
    ExtractPatience patience,
    ChannelWriter<OpenedBatch> output)
{
    private ExtractPosition _position = start;
    private long _sealedBytes;
    private int _calls;
    private ExtractProof? _proof;

    /// <summary>Called with the first header accepted.</summary>
    public required Action<Wire.ExtractHeader> HeaderAccepted { private get; init; }

    /// <summary>Sealed bytes received so far, by any thread's reckoning.</summary>
    public long SealedBytes => Interlocked.Read(ref _sealedBytes);

    /// <exception cref="DeliveryClientException">Refused, unreachable or not proven.</exception>
    public async Task<ExtractProof> RunAsync(CancellationToken cancellation)
    {
        try
        {
            // Each pass of the pipeline ends with something new, or with the exception of its last attempt.
            var pipeline = patience.Pipeline();
            while (_proof is null)
            {
                await pipeline.ExecuteAsync(CallAsync, cancellation);
            }

            return _proof;
        }
        catch (ExtractCutException cut)
        {
            throw transport.Translate(cut.Failure, cancellation);
        }
        catch (RpcException failure)
        {
            throw transport.Translate(failure, cancellation);
        }
    }

    private async ValueTask CallAsync(CancellationToken cancellation)
    {
        var seen = memory.Seen;
        var expected = _position.Expect(extract, trust);
        using var opener = new FrameOpener(expected, extract, trust);
        using var span = ClientTraces.Start("delivery.pull.call")?
            .SetTag("delivery.call.id", Convert.ToHexStringLower(expected.CallId.Span)).SetTag("delivery.first_batch", _position.NextBatch).SetTag("delivery.attempt", ++_calls);
        var call = new ExtractCall(opener, transport, output, patience.StallTimeout)
        {
            HeaderAccepted = HeaderAccepted,
            BytesReceived = bytes => Interlocked.Add(ref _sealedBytes, bytes),
        };
        await call.RunAsync(_position.Ask(expected, seen?.Size ?? 0), cancellation);
        if (call.Cut is null)
        {
            _proof = Prove(opener, seen);
            span.End("completed", isFailure: false);
            return;
        }

        span.End("cut", isFailure: true);
        var before = _position.NextBatch;
        _position = opener.Position(_position);
        if (_position.NextBatch == before)
        {
            throw new ExtractCutException(call.Cut);
        }
    }

    private ExtractProof Prove(FrameOpener opener, Checkpoint? seen)
    {
        var facts = opener.Finish();
        var trailer = opener.Trailer!;
        var result = CompletionProof.Check(opener.Expected, facts, trailer, trust.Policy, seen);
        memory.Remember(result.Checkpoint!, TlogProof.Parse(trailer.LogProof.Span).Note);
        return new ExtractProof(
            facts.TotalRows,
            facts.NextBatchIndex,
            SealedBytes,
            Convert.ToHexStringLower(facts.RunningDigest.Span),
            Convert.ToHexStringLower(opener.Expected.CallId.Span),
            result.Leaf!.Index,
            trailer.LogLeaf.Memory,
            trailer.LogProof.Memory)
        {
            Partitions = DeliveredPartitions.Read(trailer.QualityReports),
            LaterErrata = [.. trailer.LaterErratumDocuments.Select(document => ErratumMessages.Document(document.Span))],
        };
    }
}

/// <summary>A call was cut before it brought anything new.</summary>
internal sealed class ExtractCutException(RpcException failure) : Exception(failure.Message, failure)
{
    public RpcException Failure => failure;
}

/// <summary>How long to wait for a frame, and how often to ask again.</summary>
internal sealed record ExtractPatience(int AttemptsMax, TimeSpan StallTimeout, TimeProvider Clock)
{
    /// <exception cref="DeliveryClientException">A setting is out of its range.</exception>
    public static ExtractPatience Of(ExtractReadOptions options, TimeProvider clock) => options switch
    {
        { AttemptsMax: < 1 } => throw new DeliveryClientException(ClientReasons.Settings, nameof(ExtractReadOptions.AttemptsMax)),
        _ when options.StallTimeout <= TimeSpan.Zero => throw new DeliveryClientException(ClientReasons.Settings, nameof(ExtractReadOptions.StallTimeout)),
        _ => new(options.AttemptsMax, options.StallTimeout, clock),
    };

    /// <summary>Repeats what was cut or found nobody, with waits that double; nothing else.</summary>
    public ResiliencePipeline Pipeline() => Repetition.Of(
        AttemptsMax,
        Clock,
        new PredicateBuilder()
            .Handle<ExtractCutException>()
            .Handle<DeliveryClientException>(refused => refused.Code == ClientReasons.ServerUnreachable.Code || refused.Code == ClientReasons.DeadlineExceeded.Code));
}
