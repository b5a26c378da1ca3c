namespace Delivery.Server.Telemetry;

/// <summary>How logs are written.</summary>
internal enum LogFormat
{
    /// <summary>Lines for people.</summary>
    Text,

    /// <summary>One JSON document a line, for programs.</summary>
    Json,
}

/// <summary>How what is observed is sent to a collector.</summary>
internal enum TelemetryProtocol
{
    /// <summary>OTLP as protobuf over HTTP, usually port 4318.</summary>
    HttpProtobuf,

    /// <summary>OTLP over gRPC, usually port 4317.</summary>
    Grpc,
}

/// <summary>What the server tells a collector of OpenTelemetry, and how it writes its log.</summary>
internal sealed class TelemetryOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Delivery:Telemetry";

    /// <summary>Address of a collector, <c>http://</c> or <c>https://</c>; empty sends nothing, and then nothing is gathered either.</summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>How the collector is spoken to. Default HttpProtobuf.</summary>
    public TelemetryProtocol Protocol { get; set; } = TelemetryProtocol.HttpProtobuf;

    /// <summary>Whether traces are sent. Default true.</summary>
    public bool Traces { get; set; } = true;

    /// <summary>The share of traces begun here that are kept, 0 to 1; a caller's own trace is kept if the caller keeps it. Default 1.</summary>
    public double TraceShare { get; set; } = 1;

    /// <summary>Whether metrics are sent. Default true.</summary>
    public bool Metrics { get; set; } = true;

    /// <summary>How often metrics are sent, 1 s to 1 h. Default 1 min.</summary>
    public TimeSpan MetricInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether the operations log is sent too. Default false: it is on the console.</summary>
    public bool Logs { get; set; }

    /// <summary>How the console log is written. Default Text.</summary>
    public LogFormat LogFormat { get; set; } = LogFormat.Text;

    /// <summary>The collector, where one is set.</summary>
    public Uri? Collector => OtlpEndpoint.Length == 0 ? null : new Uri(OtlpEndpoint);

    /// <summary>What is wrong with these settings, or null. A wrong setting stops the start.</summary>
    public string? Problem() => this switch
    {
        { OtlpEndpoint: not "" } when !IsCollector() => $"{Section}:OtlpEndpoint must be empty or an address such as http://127.0.0.1:4318",
        { TraceShare: not (>= 0 and <= 1) } => $"{Section}:TraceShare must lie between 0 and 1",
        _ when MetricInterval < TimeSpan.FromSeconds(1) || MetricInterval > TimeSpan.FromHours(1) => $"{Section}:MetricInterval must lie between 1 s and 1 h",
        { Logs: true, OtlpEndpoint: "" } => $"{Section}:Logs needs {Section}:OtlpEndpoint: without a collector nobody gets them",
        _ => null,
    };

    private bool IsCollector() =>
        Uri.TryCreate(OtlpEndpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && uri.Query.Length == 0;
}
