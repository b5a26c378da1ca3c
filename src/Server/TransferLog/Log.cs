namespace Delivery.Server.TransferLog;

/// <summary>What this room writes to the operations log. Event ids 3000 to 3099.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Error, "No checkpoint could be signed; it is tried again")]
    public static partial void CheckpointFailed(ILogger logger, Exception exception);
}
