using Delivery.Server.Health;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Hosting;

/// <summary>
/// Says that the server stops as soon as it has been told to, and keeps it serving for the drain time, so that those who ask for its health have
/// sent callers elsewhere before the first connection ends.
/// </summary>
internal sealed class Drain(IHostApplicationLifetime lifetime, IOptions<HealthOptions> options, TimeProvider clock) : IHostedLifecycleService, IReadinessCondition
{
    private volatile bool _isStopping;

    public string Name => "not-stopping";

    public ReadinessState State =>
        _isStopping || lifetime.ApplicationStopping.IsCancellationRequested ? ReadinessState.Without(Impairment.Server, "E_SHUTTING_DOWN") : ReadinessState.Ready;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        if (options.Value.DrainTime > TimeSpan.Zero)
        {
            await Task.Delay(options.Value.DrainTime, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
