namespace Grpc.Core;

/// <summary>
/// One request, then a stream of responses.
/// Dispose the call to release it; that cancels a call still running. Safe to dispose twice.
/// </summary>
public sealed class AsyncServerStreamingCall<TResponse> : IDisposable
{
    private readonly CallControl control;

    public AsyncServerStreamingCall(
        IAsyncStreamReader<TResponse> responseStream,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction)
    {
        ResponseStream = responseStream;
        control = new CallControl(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction);
    }

    public AsyncServerStreamingCall(
        IAsyncStreamReader<TResponse> responseStream,
        Func<object, Task<Metadata>> responseHeadersAsync,
        Func<object, Status> getStatusFunc,
        Func<object, Metadata> getTrailersFunc,
        Action<object> disposeAction,
        object state)
    {
        ResponseStream = responseStream;
        control = new CallControl(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction, state);
    }

    /// <summary>Where the caller reads responses; one read at a time.</summary>
    public IAsyncStreamReader<TResponse> ResponseStream { get; }

    /// <summary>Ends when the server's headers arrive, which may be long before the first response.</summary>
    public Task<Metadata> ResponseHeadersAsync => control.ResponseHeadersAsync;

    /// <summary>The status, once the call has ended; before that <see cref="InvalidOperationException"/>.</summary>
    public Status GetStatus() => control.GetStatus();

    /// <summary>The trailers, once the call has ended; before that <see cref="InvalidOperationException"/>.</summary>
    public Metadata GetTrailers() => control.GetTrailers();

    public void Dispose() => control.Dispose();
}
