namespace Delivery.Server.Closure;

/// <summary>What this room writes to the operations log. Event ids 7000 to 7099.</summary>
internal static partial class Log
{
    [LoggerMessage(7000, LogLevel.Error, "The clock-driven steps of projects failed; they are tried again in a minute")]
    public static partial void ClockFailed(ILogger logger, Exception exception);

    [LoggerMessage(7001, LogLevel.Warning, "Holding {holdingId} is due for deletion on {deletionDue}: remind its controller")]
    public static partial void HoldingDue(ILogger logger, string holdingId, string deletionDue);
}
