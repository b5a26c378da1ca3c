using Delivery.Server.Extracts;
using Delivery.Server.Health;
using Delivery.Server.Intake;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Hosting;

/// <summary>
/// Ends what servers left undone that are no more: their calls get their last leaf, their imports are removed. At the start, before anything is served,
/// and then every two seconds on the one server that leads.
/// </summary>
internal sealed class ReplicaRecovery(StoreWriter writer, ExtractDesk extracts, IOptions<LogOptions> log, TimeProvider clock, ILogger<ReplicaRecovery> logger)
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

    protected override Task TurnAsync(CancellationToken stopping) => writer is { Leads: true, HasCompany: true } ? RunOnceAsync() : Task.CompletedTask;

    protected override bool Survives(Exception failure)
    {
        Log.RecoveryFailed(logger, failure);
        return true;
    }
}
