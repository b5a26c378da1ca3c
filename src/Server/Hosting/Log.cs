namespace Delivery.Server.Hosting;

/// <summary>What this room writes to the operations log. Event ids 9000 to 9099.</summary>
internal static partial class Log
{
    [LoggerMessage(9000, LogLevel.Error, "{method} failed")]
    public static partial void CallFailed(ILogger logger, string method, Exception exception);

    [LoggerMessage(9001, LogLevel.Error, "Refusal {code} could not be recorded in the transfer log")]
    public static partial void RefusalNotRecorded(ILogger logger, string code, Exception exception);

    [LoggerMessage(9002, LogLevel.Error, "{count} failed handshakes could not be recorded in the transfer log; they are kept for the next leaf")]
    public static partial void HandshakesNotRecorded(ILogger logger, long count, Exception exception);

    [LoggerMessage(9003, LogLevel.Warning, "The service manager could not be told {notice}")]
    public static partial void NoticeNotSent(ILogger logger, string notice, Exception exception);

    [LoggerMessage(9004, LogLevel.Critical, "Nothing is served from this database: the server stops")]
    public static partial void NothingServed(ILogger logger, Exception exception);

    [LoggerMessage(9005, LogLevel.Error, "What a server left undone could not be ended; it is tried again")]
    public static partial void RecoveryFailed(ILogger logger, Exception exception);
}
