namespace Delivery.Server.Extracts;

/// <summary>What this room writes to the operations log. Event ids 6000 to 6099.</summary>
internal static partial class Log
{
    [LoggerMessage(6000, LogLevel.Warning, "The end of extract {extractId} could not be recorded")]
    public static partial void NotAborted(ILogger logger, string extractId, Exception exception);

    [LoggerMessage(6001, LogLevel.Critical, "Extract {extractId} was about to let out what its approval does not allow; it was stopped. Examine the database before anything else is delivered")]
    public static partial void OutsideScope(ILogger logger, string extractId);
}
