namespace Grpc.Core;

/// <summary>
/// What the four kinds of call have in common: their response headers, status, trailers and end.
/// The client passes delegates with a state of its own, so that a call costs no closures.
/// </summary>
internal readonly struct CallControl
{
    private readonly Func<object, Task<Metadata>> headers;
    private readonly Func<object, Status> status;
    private readonly Func<object, Metadata> trailers;
    private readonly Action<object> dispose;
    private readonly object state;

    internal CallControl(
        Func<object, Task<Metadata>> headers,
        Func<object, Status> status,
        Func<object, Metadata> trailers,
        Action<object> dispose,
        object state)
    {
        ArgumentNullException.ThrowIfNull(headers);
        ArgumentNullException.ThrowIfNull(status);
        ArgumentNullException.ThrowIfNull(trailers);
        ArgumentNullException.ThrowIfNull(dispose);
        this.headers = headers;
        this.status = status;
        this.trailers = trailers;
        this.dispose = dispose;
        this.state = state;
    }

    /// <summary>The form for callers without a state, such as interceptors that wrap a call.</summary>
    internal CallControl(Task<Metadata> headers, Func<Status> status, Func<Metadata> trailers, Action dispose)
        : this(_ => headers, _ => status(), _ => trailers(), _ => dispose(), state: null!)
    {
        ArgumentNullException.ThrowIfNull(headers);
    }

    internal Task<Metadata> ResponseHeadersAsync => headers(state);

    internal Status GetStatus() => status(state);

    internal Metadata GetTrailers() => trailers(state);

    internal void Dispose() => dispose(state);
}
