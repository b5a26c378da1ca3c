using Delivery.Server.Extracts;
using Delivery.Server.Intake;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Hosting;

/// <summary>What happens before the first connection is taken: the log is checked, and what a crash cut short is ended.</summary>
internal sealed class Startup(LogStartup log, ImportDesk imports, ExtractDesk extracts, StoreWriter writer, IOptions<LogOptions> options) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await log.RunAsync();
        await imports.RecoverAsync();

        // Ending a cut call takes a leaf; a frozen log gets it once it is no longer frozen, and until then no call can begin.
        if (!options.Value.Frozen)
        {
            await extracts.RecoverAsync();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The last change is on disk before the process ends.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken) => await writer.DisposeAsync();
}
