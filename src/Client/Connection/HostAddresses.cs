using System.Net;
using System.Net.Sockets;

namespace Delivery.Client.Connection;

/// <summary>Looks up the addresses of a name, as <see cref="Dns.GetHostAddressesAsync(string, CancellationToken)"/> does.</summary>
internal delegate Task<IPAddress[]> NameLookup(string host, CancellationToken cancellation);

/// <summary>
/// The machines a name stands for. A connection goes to the first that takes it, those that failed of late last; so a machine that takes
/// connections and never answers does not keep callers from the others. Threads share it.
/// </summary>
internal sealed class HostAddresses(NameLookup resolve, TimeSpan connectTimeout)
{
    private readonly Lock _lock = new();
    private readonly HashSet<IPAddress> _avoided = [];
    private IPAddress? _last;

    /// <summary>How many there were at the last look-up; at least 1.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>Prefers others than the one last connected to, until all have failed.</summary>
    public void Avoid()
    {
        lock (_lock)
        {
            if (_last is { } failed && _avoided.Add(failed) && _avoided.Count >= Count)
            {
                _avoided.Clear();
            }
        }
    }

    /// <exception cref="SocketException">The name is unknown, or no machine took the connection.</exception>
    public async Task<Socket> ConnectAsync(DnsEndPoint endPoint, CancellationToken cancellation)
    {
        var found = await resolve(endPoint.Host, cancellation);
        var failure = new SocketException((int)SocketError.HostNotFound);
        foreach (var address in Ordered(found))
        {
            // One that stays silent may not use up the time of those after it, nor of the handshake.
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(connectTimeout / found.Length);
            try
            {
                return await ConnectAsync(address, endPoint.Port, limit.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                failure = new SocketException((int)SocketError.TimedOut);
            }
            catch (SocketException refused)
            {
                failure = refused;
            }
        }

        throw failure;
    }

    private List<IPAddress> Ordered(IPAddress[] found)
    {
        lock (_lock)
        {
            Count = Math.Max(1, found.Length);
            return [.. found.OrderBy(_avoided.Contains)];
        }
    }

    private async Task<Socket> ConnectAsync(IPAddress address, int port, CancellationToken cancellation)
    {
        lock (_lock)
        {
            _last = address;
        }

        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, port, cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
