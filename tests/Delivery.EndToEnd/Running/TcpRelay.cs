using System.Net;
using System.Net.Sockets;

namespace Delivery.EndToEnd.Running;

/// <summary>A way to a server on this machine, with a door of its own. What passes, and what becomes of a connection, those say that are made of it.</summary>
internal abstract class TcpRelay : IAsyncDisposable
{
    private const int BufferBytes = 64 << 10;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Lock _lock = new();
    private readonly HashSet<Socket> _open = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;

    protected TcpRelay()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The door.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Where the way leads now.</summary>
    protected abstract int TargetPort { get; }

    /// <summary>The relay's own end.</summary>
    protected CancellationToken End => _end.Token;

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

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Die();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    /// <summary>Both directions of one connection; it is closed when the first of them ends.</summary>
    protected abstract (Task Asking, Task Answering) Join(Socket client, Socket server);

    /// <summary>Hands on what comes, until one side leaves or <paramref name="passAsync"/> says that it was enough.</summary>
    protected async Task PumpAsync(Socket from, Func<Memory<byte>, ValueTask<bool>> passAsync)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            for (int read; (read = await from.ReceiveAsync(buffer, End)) > 0 && await passAsync(buffer.AsMemory(0, read));)
            {
            }
        }
        catch (Exception gone) when (IsGone(gone))
        {
            // One side has left; the other learns it when both are closed.
        }
    }

    private static bool IsGone(Exception exception) => exception is SocketException or ObjectDisposedException or OperationCanceledException;

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = ServeAsync(await _listener.AcceptSocketAsync(End));
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        lock (_lock)
        {
            _open.UnionWith([client, server]);
        }

        try
        {
            await server.ConnectAsync(IPAddress.Loopback, TargetPort, End);
            var (asking, answering) = Join(client, server);
            await Task.WhenAny(asking, answering);
        }
        catch (Exception gone) when (IsGone(gone))
        {
            // Nobody serves there now.
        }

        client.Dispose();
        lock (_lock)
        {
            _open.ExceptWith([client, server]);
        }
    }
}
