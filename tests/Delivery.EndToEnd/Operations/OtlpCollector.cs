using System.Buffers.Binary;
using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Delivery.EndToEnd.Operations;

/// <summary>A span as it arrived.</summary>
internal sealed record OtlpSpan(string Service, string Name, string TraceId, string Id, string ParentId, IReadOnlyDictionary<string, string> Attributes);

/// <summary>The newest value of one metric under one set of attributes; of a histogram its count.</summary>
internal sealed record OtlpPoint(string Name, string Unit, IReadOnlyDictionary<string, string> Attributes, double Value);

/// <summary>A collector of OpenTelemetry on a free port of this machine, which takes OTLP as protobuf over HTTP, or over gRPC without TLS, and keeps what comes.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    // Far beyond what anything takes to arrive: only what never comes is waited for so long.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<OtlpSpan> _spans = new();
    private readonly ConcurrentDictionary<string, OtlpPoint> _points = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _logs = new();
    private readonly SemaphoreSlim _arrived = new(0);

    // What a gRPC message begins with: not compressed, and its length.
    private const int PrefixBytes = 5;

    private OtlpCollector(bool isGrpc)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/traces", request => TakeAsync(request, TakeSpans));
        _app.MapPost("/v1/metrics", request => TakeAsync(request, TakePoints));
        _app.MapPost("/v1/logs", request => TakeAsync(request, TakeLogs));
        _app.MapPost("/opentelemetry.proto.collector.trace.v1.TraceService/Export", request => TakeCallAsync(request, TakeSpans));
        _app.MapPost("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", request => TakeCallAsync(request, TakePoints));
        _app.MapPost("/opentelemetry.proto.collector.logs.v1.LogsService/Export", request => TakeCallAsync(request, TakeLogs));
    }

    public string Address => _app.Urls.Single();

    public IReadOnlyList<OtlpSpan> Spans => [.. _spans];

    public IReadOnlyList<string> Logs => [.. _logs];

    public static async Task<OtlpCollector> StartAsync(bool isGrpc = false)
    {
        var collector = new OtlpCollector(isGrpc);
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>The newest value of a metric, where its attributes hold these words; null while there is none.</summary>
    public OtlpPoint? Point(string name, params ReadOnlySpan<string> values)
    {
        foreach (var point in _points.Values.Where(point => point.Name == name))
        {
            var isIt = true;
            foreach (var value in values)
            {
                isIt &= point.Attributes.Values.Contains(value);
            }

            if (isIt)
            {
                return point;
            }
        }

        return null;
    }

    /// <summary>Waits until something has arrived.</summary>
    public async Task UntilAsync(string what, Func<OtlpCollector, bool> isThere)
    {
        while (!isThere(this))
        {
            Assert.True(await _arrived.WaitAsync(Patience), $"{what} did not come. There are {string.Join(", ", _spans.Select(span => span.Name).Distinct())} and {string.Join('\n', _points.Values)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _arrived.Dispose();
    }

    private async Task TakeAsync(HttpContext context, Action<OtlpMessage> take)
    {
        Assert.Equal("application/x-protobuf", context.Request.ContentType);
        take(new OtlpMessage(await ByteString.FromStreamAsync(context.Request.Body)));
        _arrived.Release();
        context.Response.ContentType = "application/x-protobuf";
    }

    // One call with one message each way, and its status in the trailers.
    private async Task TakeCallAsync(HttpContext context, Action<OtlpMessage> take)
    {
        Assert.Equal("application/grpc", context.Request.ContentType);
        var framed = await ByteString.FromStreamAsync(context.Request.Body);
        Assert.Equal(framed.Length - PrefixBytes, BinaryPrimitives.ReadInt32BigEndian(framed.Span[1..]));
        take(new OtlpMessage(ByteString.CopyFrom(framed.Span[PrefixBytes..])));
        _arrived.Release();
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[PrefixBytes]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private void TakeSpans(OtlpMessage request)
    {
        foreach (var resource in request.Messages(1))
        {
            var service = resource.Messages(1).Single().Attributes(1)["service.name"];
            foreach (var span in resource.Messages(2).SelectMany(scope => scope.Messages(2)))
            {
                _spans.Enqueue(new OtlpSpan(service, span.Text(5), span.Hex(1), span.Hex(2), span.Hex(4), span.Attributes(9)));
            }
        }
    }

    private void TakePoints(OtlpMessage request)
    {
        foreach (var metric in request.Messages(1).SelectMany(resource => resource.Messages(2)).SelectMany(scope => scope.Messages(2)))
        {
            // A gauge, a sum or a histogram.
            foreach (var point in metric.Messages(5).Concat(metric.Messages(7)).SelectMany(data => data.Messages(1)))
            {
                Keep(metric, point.Attributes(7), point.Has(4) ? point.Double(4) : point.Integer(6));
            }

            foreach (var point in metric.Messages(9).SelectMany(data => data.Messages(1)))
            {
                Keep(metric, point.Attributes(9), point.Integer(4));
            }
        }
    }

    private void Keep(OtlpMessage metric, IReadOnlyDictionary<string, string> attributes, double value)
    {
        var point = new OtlpPoint(metric.Text(1), metric.Text(3), attributes, value);
        _points[$"{point.Name} {string.Join(' ', attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal))}"] = point;
    }

    private void TakeLogs(OtlpMessage request)
    {
        foreach (var record in request.Messages(1).SelectMany(resource => resource.Messages(2)).SelectMany(scope => scope.Messages(2)))
        {
            _logs.Enqueue(record.Messages(5).Single().AnyValue());
        }
    }
}
