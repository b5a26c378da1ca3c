using System.Diagnostics;
using System.Text.Json;
using Grpc.Core;

namespace Delivery.Server.Telemetry;

/// <summary>What one call tells of itself: its duration, and what it was by the conventions for RPC, on the span the web server has made of it.</summary>
internal sealed class CallSignals : IDisposable
{
    private readonly Activity? _span = Activity.Current;
    private readonly string _method;
    private readonly long _began = Stopwatch.GetTimestamp();
    private StatusCode _status = StatusCode.OK;

    /// <param name="path">The call's path, of a method that exists.</param>
    public CallSignals(string path)
    {
        _method = path.TrimStart('/');
        if (_span is { IsAllDataRequested: true })
        {
            _span.DisplayName = _method;
            _span.SetTag("rpc.system.name", "grpc").SetTag("rpc.method", _method);
        }
    }

    /// <summary>Counts a call that is refused.</summary>
    /// <param name="code">The first code it is refused with.</param>
    /// <param name="path">The call's path, of a method that exists.</param>
    public static void Refused(string code, string path)
    {
        ServerMetrics.Refusals.Add(1, new("delivery.code", code), new("rpc.method", path.TrimStart('/')));
        Activity.Current?.SetTag("delivery.code", code);
    }

    /// <summary>The name of a status, as it is written in the conventions: <c>INVALID_ARGUMENT</c>.</summary>
    public static string NameOf(StatusCode status) => status is StatusCode.OK ? "OK" : JsonNamingPolicy.SnakeCaseUpper.ConvertName(status.ToString());

    /// <summary>It did not end well.</summary>
    public void End(Exception exception) => _status = exception is RpcException answered ? answered.StatusCode : StatusCode.Cancelled;

    public void Dispose()
    {
        var status = NameOf(_status);
        ServerMetrics.CallDuration.Record(
            Stopwatch.GetElapsedTime(_began).TotalSeconds, new("rpc.system.name", "grpc"), new("rpc.method", _method), new("rpc.response.status_code", status));
        if (_span is { IsAllDataRequested: true })
        {
            _span.SetTag("rpc.response.status_code", status);
            if (IsServersFault(_status))
            {
                _span.SetStatus(ActivityStatusCode.Error);
            }
        }
    }

    // As the conventions have it: what a caller did wrong is no error of the server.
    private static bool IsServersFault(StatusCode status) =>
        status is StatusCode.Unknown or StatusCode.DeadlineExceeded or StatusCode.Unimplemented or StatusCode.Internal or StatusCode.Unavailable or StatusCode.DataLoss;
}
