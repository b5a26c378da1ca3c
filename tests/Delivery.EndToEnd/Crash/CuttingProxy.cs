using System.Net;
using System.Net.Sockets;

namespace Delivery.EndToEnd.Crash;

/// <summary>
/// A way to a server that passes bytes on unread, and does something after exactly so many of them. What it does may be to cut every connection.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private const int BufferBytes = 16 << 10;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Socket> _open = [];
    private readonly Task _accepting;
    private Action? _act;
    private long _left;
    private long _passed;
    private volatile bool _isStalled;

    public CuttingProxy()
    {
        _listener.Start();
        Address = new Uri($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Where it leads; may change.</summary>
    public Uri? Target { get; set; }

    /// <summary>Bytes passed in both directions since the last <see cref="Arm"/>.</summary>
    public long Passed => Interlocked.Read(ref _passed);

    /// <summary>Does something once, after so many bytes in both directions.</summary>
    public void Arm(long bytes, Action? act)
    {
        lock (_lock)
        {
            (_left, _act) = (bytes, act);
            Interlocked.Exchange(ref _passed, 0);
        }
    }

    /// <summary>Cuts every connection.</summary>
    public void Cut()
    {
        List<Socket> open;
        lock (_lock)
        {
            open = [.. _open];
        }

        open.ForEach(socket => socket.Dispose());
    }

    /// <summary>Cuts every connection and takes no more.</summary>
    public void Die()
    {
        _listener.Dispose();
        Cut();
    }

    /// <summary>Passes nothing on any more and closes nothing: so looks a machine that lost its power.</summary>
    public void Stall() => _isStalled = true;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        Cut();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = ServeAsync(await _listener.AcceptSocketAsync(_end.Token));
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        lock (_lock)
        {
            _open.UnionWith([client, server]);
        }

        try
        {
            await server.ConnectAsync(IPAddress.Loopback, Target!.Port, _end.Token);
            await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Nobody serves there now.
        }

        client.Dispose();
        lock (_lock)
        {
            _open.ExceptWith([client, server]);
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            for (int read; (read = await from.ReceiveAsync(buffer, _end.Token)) > 0;)
            {
                await (_isStalled ? Task.Delay(Timeout.Infinite, _end.Token) : Task.CompletedTask);
                var (now, act) = Count(read);
                await to.SendAsync(buffer.AsMemory(0, now), _end.Token);
                act?.Invoke();
                if (now < read)
                {
                    await to.SendAsync(buffer.AsMemory(now, read - now), _end.Token);
                }
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side has left; the other learns it when both are closed.
        }
    }

    private (int Now, Action? Act) Count(int read)
    {
        lock (_lock)
        {
            Interlocked.Add(ref _passed, read);
            if (_act is not { } act || _left > read)
            {
                _left -= read;
                return (read, null);
            }

            _act = null;
            return ((int)_left, act);
        }
    }
}
