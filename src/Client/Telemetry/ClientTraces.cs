using System.Diagnostics;

namespace Delivery.Client.Telemetry;

/// <summary>
/// The client's own spans. A program that listens to <see cref="SourceName"/> sees each pull with its calls; nothing is made while nobody does. Names of
/// projects, extracts and files are never said: a call is named by its random id, which the transfer log knows. Threads may share it.
/// </summary>
public static class ClientTraces
{
    /// <summary>Name of the activity source.</summary>
    public const string SourceName = "Delivery.Client";

    private static readonly ActivitySource Source = new(SourceName);

    internal static Activity? Start(string name) => Source.StartActivity(name);

    /// <summary>Says how a span ended: by a code, never by words.</summary>
    internal static void End(this Activity? span, string outcome, bool isFailure)
    {
        span?.SetTag("delivery.outcome", outcome);
        if (isFailure)
        {
            span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", outcome);
        }
    }
}
