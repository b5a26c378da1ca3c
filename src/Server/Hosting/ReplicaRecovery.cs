using Delivery.Server.Extracts;
using Delivery.Server.Health;
using Delivery.Server.Intake;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Hosting;

/// <summary>
/// Ends what servers left undone that are no more: their calls get their last leaf, their imports are removed. At the start, before anything is served,
/// and then every two seconds on the one server that leads. And what this server could not record the end of, when it can.
/// </summary>
internal sealed class ReplicaRecovery(StoreWriter writer, ExtractDesk extracts, ImportDesk imports, IOptions<LogOptions> log, TimeProvider clock, ILogger<ReplicaRecovery> logger)
    : RecurringWork(TimeSpan.FromSeconds(2), clock)
{
    /// <summary>Ends what can be ended now.</summary>
    public Task RunOnceAsync() => writer.WriteAsync(
        scope =>
        {
            if (!scope.Leads)
            {
                return;
            }

            var dead = scope.DeadReplicas;
            ImportDesk.EndImports(scope, dead);

            // Ending a cut call takes a leaf; a frozen log gets it once it is no longer frozen, and until then no call can begin.
            if (!log.Value.Frozen)
            {
                extracts.EndCalls(scope, dead);
                foreach (var replica in dead)
                {
                    scope.Execute("DELETE FROM store_replica WHERE replica_id = $1", replica);
                }
            }
        },
        CancellationToken.None);

    protected override async Task TurnAsync(CancellationToken stopping)
    {
        await imports.EndOwnAsync();
        if (extracts.HasUnended && !log.Value.Frozen)
        {
            await writer.WriteAsync(extracts.EndOwn, CancellationToken.None);
        }

        if (writer is { Leads: true, HasCompany: true })
        {
            await RunOnceAsync();
        }
    }

    protected override bool Survives(Exception failure)
    {
        Log.RecoveryFailed(logger, failure);
        return true;
    }
}
