using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>
/// One request, one response. Await the call itself, or <see cref="ResponseAsync"/>.
/// Dispose the call to release it; that cancels a call still running. Safe to dispose twice.
/// </summary>
public sealed class AsyncUnaryCall<TResponse> : IDisposable
{
    private readonly CallControl control;

    public AsyncUnaryCall(
        Task<TResponse> responseAsync,
        Task<Metadata> responseHeadersAsync,
        Func<Status> getStatusFunc,
        Func<Metadata> getTrailersFunc,
        Action disposeAction)
    {
        ResponseAsync = responseAsync;
        control = new CallControl(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction);
    }

    public AsyncUnaryCall(
        Task<TResponse> responseAsync,
        Func<object, Task<Metadata>> responseHeadersAsync,
        Func<object, Status> getStatusFunc,
        Func<object, Metadata> getTrailersFunc,
        Action<object> disposeAction,
        object state)
    {
        ResponseAsync = responseAsync;
        control = new CallControl(responseHeadersAsync, getStatusFunc, getTrailersFunc, disposeAction, state);
    }

    /// <summary>Ends with the response, or with <see cref="RpcException"/> when the status is not OK.</summary>
    public Task<TResponse> ResponseAsync { get; }

    /// <summary>Ends when the server's headers arrive, which may be long before the first response.</summary>
    public Task<Metadata> ResponseHeadersAsync => control.ResponseHeadersAsync;

    public TaskAwaiter<TResponse> GetAwaiter() => ResponseAsync.GetAwaiter();

    public ConfiguredTaskAwaitable<TResponse> ConfigureAwait(bool continueOnCapturedContext) =>
        ResponseAsync.ConfigureAwait(continueOnCapturedContext);

    /// <summary>The status, once the call has ended; before that <see cref="InvalidOperationException"/>.</summary>
    public Status GetStatus() => control.GetStatus();

    /// <summary>The trailers, once the call has ended; before that <see cref="InvalidOperationException"/>.</summary>
    public Metadata GetTrailers() => control.GetTrailers();

    public void Dispose() => control.Dispose();
}
