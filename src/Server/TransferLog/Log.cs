namespace Delivery.Server.TransferLog;

/// <summary>What this room writes to the operations log. Event ids 3000 to 3099.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Error, "No checkpoint could be signed; it is tried again")]
    public static partial void CheckpointFailed(ILogger logger, Exception exception);

    [LoggerMessage(3001, LogLevel.Critical, "The transfer log was altered at or after leaf {FirstIndex}: the server stops. Run delivery log fsck on its data folder")]
    public static partial void LogAltered(ILogger logger, long firstIndex);

    [LoggerMessage(3002, LogLevel.Critical, "The transfer log cannot be read: the server stops. Run delivery log fsck on its data folder")]
    public static partial void LogUnreadable(ILogger logger, Exception exception);
}
