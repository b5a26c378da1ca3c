using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Delivery.Server.Hosting;

/// <summary>
/// Tells the service manager when the server listens, that it lives, and when it begins to stop: datagrams to the socket in NOTIFY_SOCKET, as
/// sd_notify(3) and sd_watchdog_enabled(3) describe them. Where nobody asked it does nothing.
/// </summary>
internal sealed class ServiceNotices(IConfiguration environment, TimeProvider clock, ILogger<ServiceNotices> logger) : IHostedLifecycleService, IDisposable
{
    private const string SocketKey = "NOTIFY_SOCKET", WatchdogKey = "WATCHDOG_USEC", WatchdogProcessKey = "WATCHDOG_PID";

    private readonly string? _address = environment[SocketKey];
    private ITimer? _pulse;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Every part has started, the one that listens too.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        Send("READY=1");
        if (WatchdogInterval() is { } interval)
        {
            // Twice as often as asked for. The pulse needs a free thread of the pool, as every call does: without one the server is as good as dead.
            _pulse = clock.CreateTimer(_ => Send("WATCHDOG=1"), null, interval / 2, interval / 2);
        }

        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        Send("STOPPING=1");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _pulse?.Dispose();

    private TimeSpan? WatchdogInterval()
    {
        var isOurs = environment[WatchdogProcessKey] is not { Length: > 0 } process || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return isOurs && long.TryParse(environment[WatchdogKey], NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 1
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;
    }

    private void Send(string state)
    {
        if (string.IsNullOrEmpty(_address))
        {
            return;
        }

        try
        {
            // A name that begins with @ is in the abstract namespace, where it begins with a zero byte.
            var endPoint = new UnixDomainSocketEndPoint(_address[0] == '@' ? '\0' + _address[1..] : _address);
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(state), endPoint);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            // The service manager draws its own conclusions from silence; calls are served meanwhile.
            Log.NoticeNotSent(logger, state, exception);
        }
    }
}
