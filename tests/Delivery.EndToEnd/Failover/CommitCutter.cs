using System.Net.Sockets;
using System.Text;
using Delivery.EndToEnd.Running;

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
internal sealed class CommitCutter(int target) : TcpRelay
{
    // A message is its type, the length of what follows with the length itself, and text that ends in a zero.
    private static readonly byte[] Asked = [(byte)'Q', 0, 0, 0, 11, .. "COMMIT\0"u8];
    private static readonly byte[] Answered = [(byte)'C', 0, 0, 0, 11, .. "COMMIT\0"u8];

    private readonly Lock _looking = new();
    private (string Word, CommitCut Cut)? _armed;

    /// <summary>How often it has cut.</summary>
    public int Cuts { get; private set; }

    protected override int TargetPort => target;

    /// <summary>Cuts once.</summary>
    public void Arm(string word, CommitCut cut) => _armed = (word, cut);

    protected override (Task Asking, Task Answering) Join(Socket client, Socket server)
    {
        var way = new Way();
        return (PumpAsync(client, bytes => PassAsync(bytes, server, way, isQuestion: true)), PumpAsync(server, bytes => PassAsync(bytes, client, way, isQuestion: false)));
    }

    private async ValueTask<bool> PassAsync(Memory<byte> bytes, Socket to, Way way, bool isQuestion)
    {
        var cut = Look(bytes.Span, way, isQuestion);
        if (cut is null or CommitCut.During)
        {
            await to.SendAsync(bytes, End);
        }

        return cut is null;
    }

    private CommitCut? Look(ReadOnlySpan<byte> bytes, Way way, bool isQuestion)
    {
        lock (_looking)
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
