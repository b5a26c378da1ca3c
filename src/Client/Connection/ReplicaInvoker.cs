using Grpc.Core;

namespace Delivery.Client.Connection;

/// <summary>
/// Makes calls at whichever replica serves. A call with one answer goes on to the next replica by itself, if repeating it is safe or no connection
/// was made; a stream only before anything was sent, for how to go on after a cut is its reader's matter. Threads share it.
/// </summary>
internal sealed class ReplicaInvoker(Replicas replicas, TimeProvider clock) : CallInvoker
{
    // The second and third round are for replicas that are all being restarted, or find another database; the call's deadline bounds them too.
    private const int RoundsMax = 3;

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        CallAsync(method, host, options, request).GetAwaiter().GetResult();

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => new(
            // Headers and trailers of an answer carry nothing; those of a failure travel with the exception.
            CallAsync(method, host, options, request),
            Task.FromResult(new Metadata()),
            static () => Status.DefaultSuccess,
            static () => [],
            static () => { });

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        // One round: who reads a stream opens it again after waits of its own.
        var rounds = new ReplicaRounds(replicas, roundsMax: 1, isRepeatable: false, clock);
        var stream = new ReplicaStream<TResponse>(
            replicas, rounds, replica => replica.Invoker.AsyncServerStreamingCall(method, host, options, request));
        return new(stream, Task.FromResult(new Metadata()), static () => Status.DefaultSuccess, static () => [], stream.Dispose);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        replicas.Current.Invoker.AsyncClientStreamingCall(method, host, options);

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) =>
        replicas.Current.Invoker.AsyncDuplexStreamingCall(method, host, options);

    private async Task<TResponse> CallAsync<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        where TRequest : class
        where TResponse : class
    {
        var rounds = new ReplicaRounds(replicas, RoundsMax, RepeatableCalls.Contains(method.FullName), clock);
        while (true)
        {
            try
            {
                using var call = rounds.Replica.Invoker.AsyncUnaryCall(method, host, options, request);
                var response = await call;
                rounds.Replica.NoteAnswer();
                return response;
            }
            catch (RpcException failure)
            {
                await rounds.MoveOnAsync(failure, options.CancellationToken);
            }
        }
    }
}
