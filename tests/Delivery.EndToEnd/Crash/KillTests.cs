using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Delivery.EndToEnd.Extracts;
using Delivery.Protocol.Log;
using Grpc.Core;
using Xunit.Abstractions;

namespace Delivery.EndToEnd.Crash;

/// <summary>
/// A real server process is killed while it streams, again and again on one data folder. After each start nothing that anybody was told may be
/// missing, and the recipient goes on from what it holds.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Kills = 54;
    private const int Seed = 20_251_122;

    private readonly Random _random = new(Seed);
    private readonly Dictionary<string, int> _points = [];

    [Fact]
    public async Task A_killed_server_has_said_nothing_it_cannot_stand_by()
    {
        await using var whole = await WholeExtract.MakeAsync();
        var log = new AuditorsCopy(LogPolicy.Parse(await File.ReadAllTextAsync(Path.Combine(whole.Server.CertificateFolder, "log-policy.txt"))));
        var clock = Stopwatch.StartNew();
        var (held, answers, resumed) = (0L, 0, 0);
        (OpenedStream Stream, Bystander Bystander)? cut = null;
        for (var life = 0; life <= Kills; life++)
        {
            using var child = await ChildServer.StartAsync(whole.Server);
            whole.Recipient.Reconnect();
            if (cut is var (stream, bystander))
            {
                await log.CatchUpAsync(whole.Server);
                RequireCovered(log, stream);
                bystander.RequireIn(log);
                (held, answers) = (held + stream.Batches.Count, answers + bystander.Pushed.Count + bystander.Checkpoints.Count);
                resumed += await GoOnAsync(whole, stream) ? 1 : 0;
                stream.Dispose();
            }

            cut = life == Kills ? null : await KillAsync(whole, child, life);
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Seed {Seed}: {Kills} kills in {clock.Elapsed.TotalSeconds:F0} s, {held} batches held when the server died, {answers} answers and {log.Checked} checkpoints found again, {resumed} streams resumed, {log.Leaves.Count} leaves."));
        output.WriteLine("Killed at: " + string.Join(", ", _points.OrderBy(point => point.Key).Select(point => $"{point.Key} {point.Value}")));
        Assert.True(resumed > Kills / 2, "Too few streams were cut in the middle to prove anything.");
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
        var end = Assert.Single(leaves, leaf => leaf.Type is LeafType.ExtractCompleted or LeafType.ExtractAborted);
        Assert.Same(leaves[^1], end);
        if (end.Type == LeafType.ExtractAborted)
        {
            Assert.Equal(("SERVER_RESTART", released), (end.Text("reason_code"), end.Number("released_batch_count")));
        }

        if (cut.Trailer is { } trailer)
        {
            Assert.Equal(LeafType.ExtractCompleted, end.Type);
            Assert.Equal(end.Index, Leaf.Parse(trailer.LogLeaf.Span).Index);
            log.Require(Google.Protobuf.ByteString.CopyFrom(TlogProof.Parse(trailer.LogProof.Span).Note));
        }
    }

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

    private void Count(string point) => _points[point] = _points.GetValueOrDefault(point) + 1;
}
