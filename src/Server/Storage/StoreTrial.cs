using Delivery.Server.Health;

namespace Delivery.Server.Storage;

/// <summary>
/// Finds out that a store takes changes again: after a commit failed, a server that is given no calls would make none and stay unready for ever. It
/// writes a row and takes it back, so the commit reaches the disk and leaves nothing.
/// </summary>
internal sealed class StoreTrial(StoreWriter writer, StoreCondition condition, TimeProvider clock) : RecurringWork(TimeSpan.FromSeconds(5), clock)
{
    /// <summary>Tries a commit if the last one failed.</summary>
    public async Task RunOnceAsync(CancellationToken cancellation)
    {
        if (!condition.NeedsTrial)
        {
            return;
        }

        try
        {
            await writer.WriteAsync(
                scope =>
                {
                    scope.Execute("INSERT INTO generation_pin (holder, partition_id, generation) VALUES ('', 0, 0)");
                    scope.Execute("DELETE FROM generation_pin WHERE holder = ''");
                },
                cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The writer has told the condition what it is to know; the next tick tries again.
            _ = exception;
        }
    }

    protected override Task TurnAsync(CancellationToken stopping) => RunOnceAsync(stopping);
}
