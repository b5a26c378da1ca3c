using System.Data.Common;
using System.Diagnostics.Metrics;
using Delivery.Server.Closure;
using Delivery.Server.Health;
using Delivery.Server.Identity;
using Delivery.Server.Storage;
using Delivery.Server.Telemetry;
using Delivery.Server.TransferLog;

namespace Delivery.Server.Hosting;

/// <summary>
/// What is measured when somebody asks, and not otherwise: how large, how old, how long still. A question that the database does not answer is left
/// out of that round. Whoever listens asks on a thread of its own, also while the server ends: once this is disposed of, nothing more is asked of
/// what is disposed of after it.
/// </summary>
internal sealed class Gauges : IHostedService, IDisposable
{
    private readonly Meter _meter = new(ServerMetrics.MeterName);
    private readonly Lock _asking = new();
    private bool _isOver;

    public Gauges(
        LogTail log, CheckpointHeartbeat heartbeat, DueHoldings due, Readiness readiness, ServerCertificate server, ClientCertificates clients, TimeProvider clock)
    {
        _meter.CreateObservableGauge("delivery.log.size", Asked(() => One(log.Size())), "{leaf}", "Leaves in the transfer log.");
        _meter.CreateObservableGauge("delivery.log.checkpoint.age", Asked(() => One(heartbeat.Age.TotalSeconds)), "s", "Since a checkpoint last covered the whole log.");
        _meter.CreateObservableGauge("delivery.project.overdue", Asked(() => One(due.OverdueProjects())), "{project}", "Projects with a holding that should be gone.");
        _meter.CreateObservableGauge("delivery.condition", Asked(() => Conditions(readiness)), "1", "How much does not work for each condition: 0 nothing, 1 extracts, 2 changes, 3 the server, 4 closed.");
        _meter.CreateObservableGauge("delivery.certificate.remaining", Asked(() => Certificates(server, clients, clock)), "d", "Until a certificate ends.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        lock (_asking)
        {
            _isOver = true;
        }

        _meter.Dispose();
    }

    private static Measurement<T>[] One<T>(T value)
        where T : struct => [new Measurement<T>(value)];

    private static Measurement<int>[] Conditions(Readiness readiness) =>
        [.. readiness.Look().Select(condition => new Measurement<int>((int)condition.State.Impairment, new KeyValuePair<string, object?>("delivery.condition", condition.Name)))];

    private static Measurement<double>[] Certificates(ServerCertificate server, ClientCertificates clients, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return [.. clients.Ends().Prepend(("server", new DateTimeOffset(server.Certificate.NotAfter))).Select(end =>
            new Measurement<double>((end.Item2 - now).TotalDays, new KeyValuePair<string, object?>("delivery.certificate", end.Item1)))];
    }

    private Func<IEnumerable<Measurement<T>>> Asked<T>(Func<Measurement<T>[]> ask)
        where T : struct => () =>
    {
        lock (_asking)
        {
            try
            {
                return _isOver ? [] : ask();
            }
            catch (Exception unanswered) when (unanswered is DbException or StoreUnavailableException or InvalidOperationException)
            {
                return [];
            }
        }
    };
}
