using System.Globalization;
using System.Text;
using Delivery.Protocol.Log;
using Delivery.Server.TransferLog;

namespace Delivery.Benchmarks;

/// <summary>Appends, proofs and the check of a log at rest, at a hundred thousand and a million leaves.</summary>
internal static class LogBenchmark
{
    private const int AppendsAlone = 1000;
    private const int AppendsTogether = 20_000;

    // Appends that wait for their commit: twice what one commit takes, so that every commit is full.
    private const int Waiting = 64;
    private const int ProofsPerRound = 200;

    private static readonly long[] Sizes = [100_000, 1_000_000];

    /// <summary>Measures and describes, as Markdown.</summary>
    /// <param name="say">Told what is being done.</param>
    public static async Task<string> RunAsync(Action<string> say)
    {
        var page = new StringBuilder(
            $"""
            # The transfer log, measured

            Made by `dotnet run -c Release --project tests/Delivery.Benchmarks -- log`: medians of {Stopped.Rounds} rounds on {Machine.Describe()}. The database is a file with `synchronous = FULL`; nothing else runs in the process.

            | leaves in the log | measured | figure |
            |---:|---|---:|

            """.ReplaceLineEndings("\n"));
        await using var log = await BenchmarkLog.CreateAsync();
        foreach (var size in Sizes)
        {
            say(Text($"filling to {size:N0} leaves"));
            await log.FillAsync(size);
            await MeasureAppendsAsync(log, size, page, say);
            await MeasureProofsAsync(log, size, page, say);
            await MeasureCheckAsync(log, size, page, say);
        }

        return page.ToString();
    }

    private static async Task MeasureAppendsAsync(BenchmarkLog log, long size, StringBuilder page, Action<string> say)
    {
        say("appends, one to a commit");
        var alone = await Stopped.MedianAsync(async () =>
        {
            for (var count = 0; count < AppendsAlone; count++)
            {
                await AppendAsync(log, log.Draft());
            }
        });
        Row(page, size, "appends/s, 1 to a commit", Text($"{AppendsAlone / alone.TotalSeconds:N0}"));

        say("appends, 32 to a commit");
        var together = await Stopped.MedianAsync(async () =>
        {
            var waiting = new Queue<Task>();
            for (var count = 0; count < AppendsTogether; count++)
            {
                waiting.Enqueue(AppendAsync(log, log.Draft()));
                if (waiting.Count == Waiting)
                {
                    await waiting.Dequeue();
                }
            }

            await Task.WhenAll(waiting);
        });
        Row(page, size, "appends/s, 32 to a commit, drafting included", Text($"{AppendsTogether / together.TotalSeconds:N0}"));

        say("signing");
        var signed = await Stopped.MedianAsync(async () =>
        {
            await AppendAsync(log, log.Draft());
            await log.Checkpoints.SignAsync(CancellationToken.None);
        });
        Row(page, size, "append one leaf and sign a checkpoint, both on disk", Text($"{signed.TotalMilliseconds:N2} ms"));
    }

    private static async Task MeasureProofsAsync(BenchmarkLog log, long size, StringBuilder page, Action<string> say)
    {
        say("proofs");
        var proofs = new List<ProvenLeaf>();
        var made = await Stopped.MedianAsync(async () =>
        {
            proofs.Clear();
            for (var count = 0; count < ProofsPerRound; count++)
            {
                // Spread over the whole log; the same leaves in every round.
                proofs.Add(await log.Checkpoints.ProveAsync(size * count / ProofsPerRound, knownSize: 0, CancellationToken.None));
            }
        });
        Row(page, size, "make a proof", Text($"{made.TotalMilliseconds / ProofsPerRound:N2} ms"));

        var policy = log.Policy;
        var believed = await Stopped.MedianAsync(() => proofs.ForEach(proven => Require(LogProofVerifier.Verify(policy, proven.Leaf, proven.Proof).Code is LogProofCode.Proven)));
        Row(page, size, "check a proof with its signature and its leaf", Text($"{believed.TotalMicroseconds / ProofsPerRound:N0} µs"));

        var paths = proofs.ConvertAll(proven => (Hash: LogHash.Leaf(proven.Leaf), Proof: TlogProof.Parse(proven.Proof)));
        var head = Checkpoint.Parse(SignedNote.Parse(paths[0].Proof.Note).Text);
        var followed = await Stopped.MedianAsync(() => paths.ForEach(path => Require(InclusionProof.Verify(path.Hash, path.Proof.Index, head.Size, path.Proof.Hashes, head.Root))));
        Row(page, size, "follow a proof's hashes to the root", Text($"{followed.TotalMicroseconds / ProofsPerRound:N0} µs"));
        Row(page, size, "hashes of a proof", Text($"{paths.Min(path => path.Proof.Hashes.Count) * LogHash.SizeBytes} to {paths.Max(path => path.Proof.Hashes.Count) * LogHash.SizeBytes} bytes"));
        Row(page, size, "proof file, checkpoint included", Text($"{proofs.Max(proven => proven.Proof.Length)} bytes at most"));
    }

    private static async Task MeasureCheckAsync(BenchmarkLog log, long size, StringBuilder page, Action<string> say)
    {
        say("fsck");
        var leaves = 0L;
        var time = await Stopped.MedianAsync(() =>
        {
            using var folder = LogFolder.Open(log.Folder);
            var report = folder.Check(log.Policy.Encode());
            leaves = report.LogSize;
            Require(report.LogSize == log.Size && report.FindingCount == 0 && report.SignaturesChecked);
        });
        Row(page, size, "fsck, leaves/s", Text($"{leaves / time.TotalSeconds:N0}"));
    }

    private static Task<AppendedLeaf> AppendAsync(BenchmarkLog log, LeafDraft draft) => log.Writer.WriteAsync(scope => log.Appender.Append(scope, draft), CancellationToken.None);

    private static void Row(StringBuilder page, long size, string measured, string figure) =>
        page.Append(CultureInfo.InvariantCulture, $"| {size:N0} | {measured} | {figure} |\n");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new InvalidOperationException("What was measured did not do what it should.");
        }
    }
}
