using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Delivery.Server.Telemetry;

/// <summary>
/// Keeps on this machine what the console may say and a collector may not: the words of exceptions, because those of a library may quote what they were
/// given, and whatever names something. What is sent of an exception is its type and where it was thrown; of a message that names something, the message
/// without the name. Threads may share it.
/// </summary>
internal sealed class ExportedWords : BaseProcessor<LogRecord>
{
    // What a value that names something is called in every message of ours, and in the framework's.
    private const string Name = "Id";
    private const string Template = "{OriginalFormat}";

    public override void OnEnd(LogRecord data)
    {
        if (data.Attributes?.Any(IsName) == true)
        {
            data.FormattedMessage = data.Attributes.FirstOrDefault(attribute => attribute.Key == Template).Value as string;
            data.Attributes = [.. data.Attributes.Where(attribute => !IsName(attribute))];
        }

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

    private static bool IsName(KeyValuePair<string, object?> attribute) => attribute.Key.EndsWith(Name, StringComparison.Ordinal);
}
