using System.Diagnostics;
using System.Security.Cryptography;
using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Running;
using Delivery.Protocol.Log;
using Google.Protobuf;
using Grpc.Core;

namespace Delivery.EndToEnd.Crash;

/// <summary>
/// One data folder and the processes that serve it one after another, each killed while it streams. After each start it is required that the log
/// covers every batch the recipient opened, that nothing anybody was told is missing, and now and then that the recipient can go on from what it
/// holds. A frame of which only a part arrived is not counted: gRPC gives it to nobody.
/// </summary>
internal sealed class KillRun(StoreKind store, int seed, int kills)
{
    // A rest takes longer to fetch than a life to end, and every rest is fetched alike.
    private const int LivesPerResume = 3;

    private static readonly TimeSpan GiveUpTime = TimeSpan.FromMinutes(1);

    private readonly Random _random = new(seed);

    /// <summary>How many lives ended where, by what the log says of the call.</summary>
    public SortedDictionary<string, int> Points { get; } = new(StringComparer.Ordinal);

    /// <summary>Batches opened before the server died.</summary>
    public long Held { get; private set; }

    /// <summary>Approvals and checkpoints that were answered.</summary>
    public int Answers { get; private set; }

    public int Resumed { get; private set; }

    /// <summary>Checkpoints whose signature and root were checked.</summary>
    public int Checkpoints { get; private set; }

    public long Leaves { get; private set; }

    public async Task LiveAsync()
    {
        await using var whole = await WholeExtract.MakeAsync(store);
        var log = new AuditorsCopy(LogPolicy.Parse(await File.ReadAllTextAsync(Path.Combine(whole.Server.CertificateFolder, "log-policy.txt"))));
        (OpenedStream Stream, Bystander Bystander)? cut = null;
        for (var life = 0; life <= kills; life++)
        {
            using var child = await ChildServer.StartAsync(whole.Server);
            whole.Recipient.Reconnect();
            if (cut is var (stream, bystander))
            {
                await CatchUpAsync(log, whole.Server, stream);
                RequireCovered(log, stream);
                bystander.RequireIn(log);
                (Held, Answers) = (Held + stream.Batches.Count, Answers + bystander.Pushed.Count + bystander.Checkpoints.Count);
                Resumed += life % LivesPerResume == 0 && await GoOnAsync(whole, stream) ? 1 : 0;
                stream.Dispose();
            }

            cut = life == kills ? null : await KillAsync(whole, child, life);
        }

        (Checkpoints, Leaves) = (log.Checked, log.Leaves.Count);
    }

    // The owner of a file is alone with it and ends at once what was left. On a shared database the one that was killed might be on its way back.
    private async Task CatchUpAsync(AuditorsCopy log, RunningServer server, OpenedStream cut)
    {
        var waited = Stopwatch.StartNew();
        do
        {
            await log.CatchUpAsync(server);
        }
        while (store is StoreKind.Postgres && log.OfCall(cut.Call.Request.CallId) is { Count: > 0 } leaves && !IsEnd(leaves[^1]) && waited.Elapsed < GiveUpTime);
    }

    /// <summary>Streams and kills the server at some point; keeps whatever still arrives.</summary>
    private async Task<(OpenedStream Stream, Bystander Bystander)> KillAsync(WholeExtract whole, ChildServer child, int life)
    {
        var bystander = new Bystander(whole.Server, life);
        var stream = whole.Recipient.Open(whole.Extract, whole.Recipient.Ask(whole.Extract));
        // Most die in the middle; some before the first frame, some when only the trailer is missing.
        var frames = _random.Next(10) switch
        {
            0 => 0,
            1 => (int)whole.Extract.BatchCount + 1,
            _ => _random.Next(1, (int)whole.Extract.BatchCount + 1),
        };
        var pause = TimeSpan.FromMicroseconds(_random.Next(20_000));
        try
        {
            for (var frame = 0; frame < frames && await stream.ReadAsync(); frame++)
            {
            }

            // The server goes on meanwhile, so that it dies anywhere in its work and not only where a frame was read.
            var waited = Stopwatch.StartNew();
            SpinWait.SpinUntil(() => waited.Elapsed >= pause);
            child.Kill();
            while (await stream.ReadAsync())
            {
            }
        }
        catch (RpcException)
        {
            // Cut.
        }

        await bystander.EndAsync();
        return (stream, bystander);
    }

    private void RequireCovered(AuditorsCopy log, OpenedStream cut)
    {
        var leaves = log.OfCall(cut.Call.Request.CallId);
        var released = leaves.Where(leaf => leaf.Type == LeafType.RangeReleased).Select(leaf => leaf.Number("to_batch")).DefaultIfEmpty().Max();
        Assert.True(cut.Batches.Count <= released, $"The recipient holds {cut.Batches.Count} batches, the log released {released}.");
        Count(leaves.Count == 0 ? "before opening" : leaves[^1].Type == LeafType.ExtractCompleted ? "after completion" : released == 0 ? "before the first range" : "between ranges");
        if (leaves.Count == 0)
        {
            return;
        }

        Assert.Equal(LeafType.ExtractOpened, leaves[0].Type);
        var end = Assert.Single(leaves, IsEnd);
        Assert.Same(leaves[^1], end);
        if (end.Type == LeafType.ExtractAborted)
        {
            Assert.Equal(("SERVER_RESTART", released), (end.Text("reason_code"), end.Number("released_batch_count")));
        }

        if (cut.Trailer is { } trailer)
        {
            Assert.Equal(LeafType.ExtractCompleted, end.Type);
            Assert.Equal(end.Index, Leaf.Parse(trailer.LogLeaf.Span).Index);
            log.Require(ByteString.CopyFrom(TlogProof.Parse(trailer.LogProof.Span).Note));
        }
    }

    private static bool IsEnd(Leaf leaf) => leaf.Type is LeafType.ExtractCompleted or LeafType.ExtractAborted;

    private static async Task<bool> GoOnAsync(WholeExtract whole, OpenedStream cut)
    {
        if (cut.Batches.Count == 0 || cut.Trailer is not null)
        {
            return false;
        }

        using var rest = whole.Recipient.Open(whole.Extract, whole.Recipient.AskRest(whole.Extract, cut), cut.Rows);
        await rest.ReadToEndAsync();
        Assert.Equal(whole.Batches, cut.Batches.Concat(rest.Batches).Select(SHA256.HashData));
        Assert.Equal(whole.Rows, rest.Rows);
        Assert.Equal(whole.RunningDigest, rest.RunningDigest);
        return true;
    }

    private void Count(string point) => Points[point] = Points.GetValueOrDefault(point) + 1;
}
