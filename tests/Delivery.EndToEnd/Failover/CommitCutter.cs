using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Delivery.EndToEnd.Failover;

/// <summary>Where a connection to PostgreSQL is cut.</summary>
public enum CommitCut
{
    /// <summary>The server never hears COMMIT.</summary>
    Before,

    /// <summary>The server hears it; the connection is gone before it can answer.</summary>
    During,

    /// <summary>The server has committed and says so to nobody.</summary>
    After,
}

/// <summary>A way to a PostgreSQL server, unencrypted, that cuts one connection at the COMMIT of a transaction in which a word was said.</summary>
internal sealed class CommitCutter : IAsyncDisposable
{
    // A message is its type, the length of what follows with the length itself, and text that ends in a zero.
    private static readonly byte[] Asked = [(byte)'Q', 0, 0, 0, 11, .. "COMMIT\0"u8];
    private static readonly byte[] Answered = [(byte)'C', 0, 0, 0, 11, .. "COMMIT\0"u8];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _target;
    private readonly Task _accepting;
    private (string Word, CommitCut Cut)? _armed;

    public CommitCutter(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How often it has cut.</summary>
    public int Cuts { get; private set; }

    /// <summary>Cuts once.</summary>
    public void Arm(string word, CommitCut cut) => _armed = (word, cut);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
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
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
            var way = new Way();
            await Task.WhenAny(PumpAsync(client, server, way, isQuestion: true), PumpAsync(server, client, way, isQuestion: false));
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException)
        {
            // Nobody is there.
        }

        client.Dispose();
    }

    private async Task PumpAsync(Socket from, Socket to, Way way, bool isQuestion)
    {
        var buffer = new byte[64 << 10];
        try
        {
            for (int read; (read = await from.ReceiveAsync(buffer, _end.Token)) > 0;)
            {
                var cut = Look(buffer.AsSpan(0, read), way, isQuestion);
                if (cut is null or CommitCut.During)
                {
                    await to.SendAsync(buffer.AsMemory(0, read), _end.Token);
                }

                if (cut is not null)
                {
                    return;
                }
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side has left.
        }
    }

    private CommitCut? Look(ReadOnlySpan<byte> bytes, Way way, bool isQuestion)
    {
        lock (_listener)
        {
            if (_armed is not var (word, cut))
            {
                return null;
            }

            way.HeardWord |= isQuestion && bytes.IndexOf(Encoding.UTF8.GetBytes(word)) >= 0;
            var isPlace = way.HeardWord && (isQuestion ? cut is not CommitCut.After && bytes.IndexOf(Asked) >= 0 : cut is CommitCut.After && bytes.IndexOf(Answered) >= 0);
            if (!isPlace)
            {
                return null;
            }

            _armed = null;
            Cuts++;
            return cut;
        }
    }

    private sealed class Way
    {
        public bool HeardWord { get; set; }
    }
}
