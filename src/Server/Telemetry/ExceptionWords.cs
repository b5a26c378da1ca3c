using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Delivery.Server.Telemetry;

/// <summary>
/// Keeps the words of exceptions on this machine: those of a library may quote what they were given. What is sent of an exception is its type and where
/// it was thrown. Threads may share it.
/// </summary>
internal sealed class ExceptionWords : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        if (data.Exception is { } exception)
        {
            data.Attributes =
            [
                .. data.Attributes ?? [],
                new("exception.type", exception.GetType().FullName),
                new("exception.stacktrace", exception.StackTrace),
            ];
            data.Exception = null;
        }
    }
}
