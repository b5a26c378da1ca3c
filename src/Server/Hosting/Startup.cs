using Delivery.Server.Storage;
using Delivery.Server.TransferLog;

namespace Delivery.Server.Hosting;

/// <summary>What happens before the first connection is taken: the log is checked, and what a crash cut short is ended.</summary>
internal sealed class Startup(LogStartup log, ReplicaRecovery recovery, PartitionKeys keys, StoreWriter writer, LogAlarm alarm, IHostApplicationLifetime lifetime, ILogger<Startup> logger) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        alarm.Raised += reason =>
        {
            Log.NothingServed(logger, reason);
            lifetime.StopApplication();
        };
        await log.RunAsync();
        await writer.WriteAsync(keys.RequireTheStores, CancellationToken.None);
        await recovery.RunOnceAsync();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The last change is on disk before the process ends.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken) => await writer.DisposeAsync();
}
