namespace Delivery.Server.Health;

/// <summary>Work that nobody calls for and that comes again and again while the server runs, one turn after the other.</summary>
/// <param name="interval">From one turn to the next; a turn that takes longer delays the next.</param>
internal abstract class RecurringWork(TimeSpan interval, TimeProvider clock) : BackgroundService
{
    /// <summary>What the turns, and whatever ages in between, are measured by.</summary>
    protected TimeProvider Clock { get; } = clock;

    /// <summary>Whether the first turn comes at the start and not one interval later.</summary>
    protected virtual bool BeginsAtOnce => false;

    /// <summary>One turn.</summary>
    protected abstract Task TurnAsync(CancellationToken stopping);

    /// <summary>Tells of a turn that failed, and whether the next one comes all the same; otherwise the server stops.</summary>
    protected virtual bool Survives(Exception failure) => false;

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, Clock);
        try
        {
            if (BeginsAtOnce)
            {
                await TryAsync(stoppingToken);
            }

            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task TryAsync(CancellationToken stopping)
    {
        try
        {
            await TurnAsync(stopping);
        }
        catch (Exception failure) when (failure is not OperationCanceledException && Survives(failure))
        {
            // The next turn tries again.
        }
    }
}
