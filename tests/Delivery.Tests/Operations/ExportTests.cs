using Delivery.Server.Telemetry;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Delivery.Tests.Operations;

public sealed class ExportTests
{
    private static readonly Action<ILogger, Exception?> Fail = LoggerMessage.Define(LogLevel.Error, new EventId(1), "It failed");
    private static readonly Action<ILogger, string, int, Exception?> Remind = LoggerMessage.Define<string, int>(LogLevel.Warning, new EventId(2), "Holding {HoldingId} is {Count} days late");

    [Fact]
    public void Of_an_exception_no_word_is_sent()
    {
        var kept = new Kept();
        using (var logging = LoggerFactory.Create(builder => builder.AddOpenTelemetry(options => options.AddProcessor(new ExportedWords()).AddProcessor(kept))))
        {
            try
            {
                throw new InvalidOperationException("outer secret", new FormatException("inner secret"));
            }
            catch (InvalidOperationException exception)
            {
                Fail(logging.CreateLogger("test"), exception);
            }
        }

        Assert.Null(kept.Exception);
        Assert.Contains(("exception.type", "System.InvalidOperationException"), kept.Attributes);
        Assert.Contains(kept.Attributes, attribute => attribute.Key == "exception.stacktrace" && attribute.Value.Contains(nameof(Of_an_exception_no_word_is_sent), StringComparison.Ordinal));
        Assert.DoesNotContain(kept.Attributes, attribute => attribute.Value.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_a_message_that_names_something_the_name_is_not_sent()
    {
        var kept = new Kept();
        using (var logging = LoggerFactory.Create(builder => builder.AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            options.AddProcessor(new ExportedWords()).AddProcessor(kept);
        })))
        {
            Remind(logging.CreateLogger("test"), "H-SECRET", 14, null);
        }

        Assert.Equal("Holding {HoldingId} is {Count} days late", kept.Message);
        Assert.Contains(("Count", "14"), kept.Attributes);
        Assert.DoesNotContain(kept.Attributes, attribute => attribute.Value.Contains("SECRET", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("127.0.0.1:4318")]
    [InlineData("file:///tmp/traces")]
    [InlineData("https://user:password@collector.example/")]
    [InlineData("https://collector.example/?key=1")]
    public void A_collector_is_an_address_without_secrets(string endpoint) =>
        Assert.StartsWith($"{TelemetryOptions.Section}:OtlpEndpoint ", new TelemetryOptions { OtlpEndpoint = endpoint }.Problem(), StringComparison.Ordinal);

    [Fact]
    public void Settings_out_of_their_range_are_named()
    {
        Assert.Contains("TraceShare", new TelemetryOptions { TraceShare = double.NaN }.Problem(), StringComparison.Ordinal);
        Assert.Contains("MetricInterval", new TelemetryOptions { MetricInterval = TimeSpan.Zero }.Problem(), StringComparison.Ordinal);
        Assert.Contains("Logs", new TelemetryOptions { Logs = true }.Problem(), StringComparison.Ordinal);
        Assert.Null(new TelemetryOptions { Logs = true, OtlpEndpoint = "http://127.0.0.1:4318" }.Problem());
    }

    private sealed class Kept : BaseProcessor<LogRecord>
    {
        public Exception? Exception { get; private set; }

        public string? Message { get; private set; }

        public List<(string Key, string Value)> Attributes { get; } = [];

        public override void OnEnd(LogRecord data)
        {
            (Exception, Message) = (data.Exception, data.FormattedMessage);
            Attributes.AddRange((data.Attributes ?? []).Select(attribute => (attribute.Key, $"{attribute.Value}")));
        }
    }
}
