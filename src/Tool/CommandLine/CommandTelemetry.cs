using System.CommandLine;
using System.Diagnostics;
using Delivery.Client.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Delivery.Tool.CommandLine;

/// <summary>
/// Traces of the command, sent where OpenTelemetry's own variables say (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> and the
/// rest of the standard); without the first nothing is gathered. A span is named by the command; what was typed after it is not said.
/// </summary>
internal static class CommandTelemetry
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string SourceName = "Delivery.Tool";

    // The spans gRPC makes of each call, and HTTP of the request beneath it: the one the server's span is a part of.
    private const string CallSource = "Grpc.Net.Client";
    private const string RequestSource = "System.Net.Http";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Sends traces until disposed, if the variables ask for it; what is left is sent then.</summary>
    public static IDisposable? Open() => Environment.GetEnvironmentVariable(EndpointVariable) is not { Length: > 0 }
        ? null
        : Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("delivery").AddTelemetrySdk().AddEnvironmentVariableDetector())
            .AddSource(SourceName, ClientTraces.SourceName, CallSource, RequestSource)
            .AddProcessor(new CallNames())
            .AddOtlpExporter()
            .Build();

    /// <summary>A span around one command; null while nobody listens.</summary>
    public static Activity? Start(ParseResult parsed) => Source.StartActivity(NameOf(parsed.CommandResult.Command));

    // The command with the groups it stands in, as it is typed.
    private static string NameOf(Command command)
    {
        var names = new List<string>();
        for (Symbol? symbol = command; symbol is Command; symbol = symbol.Parents.FirstOrDefault())
        {
            names.Insert(0, symbol is RootCommand ? "delivery" : symbol.Name);
        }

        return string.Join(' ', names);
    }

    /// <summary>Names calls by the conventions for RPC, as the server does.</summary>
    private sealed class CallNames : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            if (data.Source.Name == CallSource && data.GetTagItem("grpc.method") is string path)
            {
                data.DisplayName = path.TrimStart('/');
                data.SetTag("rpc.system.name", "grpc").SetTag("rpc.method", data.DisplayName);
            }
        }
    }
}
