using System.Diagnostics;

namespace Delivery.Server.Telemetry;

/// <summary>
/// The server's own spans, beside those the web server makes of each call. Nothing is made while nobody listens. A span says which kind of work took
/// how long and how it ended; it names a stream by its call id, which only the transfer log can lead back to a project. Threads may share it.
/// </summary>
internal static class ServerTraces
{
    /// <summary>Name of the source.</summary>
    public const string SourceName = "Delivery.Server";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>A piece of work inside the current one; null while nobody listens.</summary>
    public static Activity? Start(string name) => Source.StartActivity(name);

    /// <summary>A commit: part of the first change's call, and linked to those of the others that share it.</summary>
    public static Activity? StartCommit(IEnumerable<ActivityContext> callers)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var known = callers.Where(caller => caller != default).ToList();
        return Source.StartActivity("delivery.store.commit", ActivityKind.Internal, known.FirstOrDefault(), links: known.Skip(1).Distinct().Select(caller => new ActivityLink(caller)));
    }

    /// <summary>Marks a span as failed. Only a code is said: the words of an exception may hold anything.</summary>
    public static void Fail(this Activity? span, string code) => span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", code);
}
