using System.Net.Sockets;
using Delivery.EndToEnd.Running;

namespace Delivery.EndToEnd.Crash;

/// <summary>
/// A way to a server that passes bytes on unread, and does something after exactly so many of them. What it does may be to cut every connection.
/// </summary>
internal sealed class CuttingProxy : TcpRelay
{
    private readonly Lock _counting = new();
    private Action? _act;
    private long _left;
    private long _passed;
    private volatile bool _isStalled;

    public Uri Address => new($"https://127.0.0.1:{Port}");

    /// <summary>Where it leads; may change.</summary>
    public Uri? Target { get; set; }

    /// <summary>Bytes passed in both directions since the last <see cref="Arm"/>.</summary>
    public long Passed => Interlocked.Read(ref _passed);

    protected override int TargetPort => Target!.Port;

    /// <summary>Does something once, after so many bytes in both directions.</summary>
    public void Arm(long bytes, Action? act)
    {
        lock (_counting)
        {
            (_left, _act) = (bytes, act);
            Interlocked.Exchange(ref _passed, 0);
        }
    }

    /// <summary>Passes nothing on any more and closes nothing: so looks a machine that lost its power.</summary>
    public void Stall() => _isStalled = true;

    protected override (Task Asking, Task Answering) Join(Socket client, Socket server) =>
        (PumpAsync(client, bytes => PassAsync(bytes, server)), PumpAsync(server, bytes => PassAsync(bytes, client)));

    private async ValueTask<bool> PassAsync(Memory<byte> bytes, Socket to)
    {
        await (_isStalled ? Task.Delay(Timeout.Infinite, End) : Task.CompletedTask);
        var (now, act) = Count(bytes.Length);
        await to.SendAsync(bytes[..now], End);
        act?.Invoke();
        if (now < bytes.Length)
        {
            await to.SendAsync(bytes[now..], End);
        }

        return true;
    }

    private (int Now, Action? Act) Count(int read)
    {
        lock (_counting)
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
