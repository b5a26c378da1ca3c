namespace Delivery.Server.TransferLog;

/// <summary>Signs a checkpoint every second in which the log has grown, so that no leaf stays uncovered for long.</summary>
internal sealed class CheckpointHeartbeat(Checkpoints checkpoints, TimeProvider clock, ILogger<CheckpointHeartbeat> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await SignAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task SignAsync(CancellationToken cancellation)
    {
        try
        {
            await checkpoints.SignAsync(cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The next tick tries again; calls that need a proof fail on their own until it succeeds.
            Log.CheckpointFailed(logger, exception);
        }
    }
}
