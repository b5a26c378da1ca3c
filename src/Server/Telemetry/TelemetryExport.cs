using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Delivery.Server.Telemetry;

/// <summary>
/// Sends spans, measurements and the operations log to a collector, where the settings name one; otherwise nothing listens and nothing is gathered. What
/// is left is sent when the server ends. A collector that is away is no reason for anything to stop.
/// </summary>
internal sealed class TelemetryExport(IOptions<TelemetryOptions> options) : IHostedLifecycleService, IDisposable
{
    private const string ServiceName = "delivery-server";

    // Spans of the web server; the measurements of it, of its connections and of the run-time.
    private const string WebSource = "Microsoft.AspNetCore";
    private static readonly string[] OtherMeters = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"];

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    /// <summary>Says how the console log is written, and sends the log to the collector too where that is asked for.</summary>
    public static void AddLogging(ILoggingBuilder logging, TelemetryOptions options)
    {
        if (options.LogFormat is LogFormat.Json)
        {
            logging.AddJsonConsole(console => console.UseUtcTimestamp = true);
        }

        if (options is { Logs: true, Collector: not null })
        {
            logging.AddOpenTelemetry(open =>
            {
                open.IncludeFormattedMessage = true;
                open.SetResourceBuilder(Resource());
                open.AddProcessor(new ExportedWords());
                open.AddOtlpExporter(exporter => SetUp(exporter, options, "logs"));
            });
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (options.Value is { Collector: not null, Traces: true })
        {
            _traces = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(Resource())
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.Value.TraceShare)))
                .AddSource(ServerTraces.SourceName, WebSource)
                .AddOtlpExporter(exporter => SetUp(exporter, options.Value, "traces"))
                .Build();
        }

        if (options.Value is { Collector: not null, Metrics: true })
        {
            _metrics = Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(Resource())
                .AddMeter([ServerMetrics.MeterName, .. OtherMeters])
                .AddOtlpExporter((exporter, reader) =>
                {
                    SetUp(exporter, options.Value, "metrics");
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.Value.MetricInterval.TotalMilliseconds;
                })
                .Build();
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _metrics?.Dispose();
        _traces?.Dispose();
    }

    private static ResourceBuilder Resource() => ResourceBuilder.CreateEmpty()
        .AddService(ServiceName, serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version?.ToString(3))
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();

    private static void SetUp(OtlpExporterOptions exporter, TelemetryOptions options, string signal)
    {
        var isGrpc = options.Protocol is TelemetryProtocol.Grpc;
        exporter.Protocol = isGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = isGrpc ? options.Collector! : new Uri($"{options.Collector!.AbsoluteUri.TrimEnd('/')}/v1/{signal}");
    }
}
