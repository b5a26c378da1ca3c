using System.Diagnostics.Metrics;
using Delivery.Server.Closure;
using Delivery.Server.Health;
using Delivery.Server.Identity;
using Delivery.Server.Telemetry;
using Delivery.Server.TransferLog;

namespace Delivery.Server.Hosting;

/// <summary>
/// What is measured when somebody asks, and not otherwise: how large, how old, how long still. Lives with the server; a question that the database
/// does not answer is left out of that round.
/// </summary>
internal sealed class Gauges : IHostedService, IDisposable
{
    private readonly Meter _meter = new(ServerMetrics.MeterName);

    public Gauges(
        LogTail log, CheckpointHeartbeat heartbeat, DueHoldings due, Readiness readiness, ServerCertificate server, ClientCertificates clients, TimeProvider clock)
    {
        _meter.CreateObservableGauge("delivery.log.size", log.Size, "{leaf}", "Leaves in the transfer log.");
        _meter.CreateObservableGauge("delivery.log.checkpoint.age", () => heartbeat.Age.TotalSeconds, "s", "Since a checkpoint last covered the whole log.");
        _meter.CreateObservableGauge("delivery.project.overdue", due.OverdueProjects, "{project}", "Projects with a holding that should be gone.");
        _meter.CreateObservableGauge("delivery.condition", () => Conditions(readiness), "1", "How much does not work for each condition: 0 nothing, 1 extracts, 2 changes, 3 the server, 4 closed.");
        _meter.CreateObservableGauge("delivery.certificate.remaining", () => Certificates(server, clients, clock), "d", "Until a certificate ends.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<int>> Conditions(Readiness readiness) =>
        readiness.Look().Select(condition => new Measurement<int>((int)condition.State.Impairment, new KeyValuePair<string, object?>("delivery.condition", condition.Name)));

    private static IEnumerable<Measurement<double>> Certificates(ServerCertificate server, ClientCertificates clients, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return clients.Ends().Prepend(("server", new DateTimeOffset(server.Certificate.NotAfter))).Select(end =>
            new Measurement<double>((end.Item2 - now).TotalDays, new KeyValuePair<string, object?>("delivery.certificate", end.Item1)));
    }
}
