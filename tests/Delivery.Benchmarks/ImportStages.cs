using System.Diagnostics;
using System.Security.Cryptography;
using Delivery.Protocol.Domain;
using Delivery.Protocol.Sealing;
using Delivery.Server.Intake;
using Delivery.Server.Storage;

namespace Delivery.Benchmarks;

/// <summary>What each stage of an import can do by itself, on one thread, over the first part of a file. They overlap in an import.</summary>
internal static class ImportStages
{
    private const int BlocksMax = 96;
    private const int SegmentRows = 16_384;

    private static readonly CsvFormat Format = new(CsvText.Utf8, (byte)',', 64 * 1024);

    public static async Task<IReadOnlyList<(string Stage, double RowsPerSecond)>> MeasureAsync(string file, Action<string> say)
    {
        say("stages");
        var cut = await TimedAsync(() => CutAsync(file));
        var (blocks, hashed) = (cut.Result, Timed(() => Hash(cut.Result)));
        var header = ResultsHeader.Read(blocks[0].Text, Format);
        var judge = new RowJudge(header, Format, RowJudge.Rules(CprPolicy.Synthetic));
        var judged = Timed(() => blocks.ConvertAll(block => judge.Judge(block, new JudgedBlock())));
        var rows = judged.Result.Sum(block => (long)block.Rows.Count);
        var met = Timed(() => Meet(judged.Result));
        var segments = Timed(() => Gather(judged.Result));
        using var key = DataKey.Generate();
        var placed = segments.Result.Select((segment, index) => (segment, Place: new SegmentPlace(0, TestCatalogue.Partitions[0], 1, index, segment.Rows, 0, 0))).ToList();
        var @sealed = Timed(() => placed.ConvertAll(item => item.segment.Seal(item.Place, key)));
        var stored = await StoreAsync(@sealed.Result);
        judged.Result.ForEach(block => block.Clear());
        return
        [
            ("stage: cut into blocks", rows / cut.Seconds),
            ("stage: SHA-256 of the file", rows / hashed.Seconds),
            ("stage: split, read and judge", rows / judged.Seconds),
            ("stage: find pupils met before", rows / met.Seconds),
            ("stage: gather into segments", rows / segments.Seconds),
            ("stage: lay out and seal", rows / @sealed.Seconds),
            ("stage: store and commit", rows / stored),
        ];
    }

    private static byte[] Hash(List<TextBlock> blocks)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        blocks.ForEach(block => hash.AppendData(block.Text));
        return hash.GetHashAndReset();
    }

    private static async Task<List<TextBlock>> CutAsync(string file)
    {
        await using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using var cutter = new TextBlocks(content.ReadAsync, Format);
        var blocks = new List<TextBlock>();
        while (blocks.Count < BlocksMax && await cutter.NextAsync(CancellationToken.None) is { } block)
        {
            blocks.Add(block);
        }

        return blocks;
    }

    private static int Meet(List<JudgedBlock> blocks)
    {
        var pupils = new Dictionary<int, PupilSet>();
        foreach (var row in blocks.SelectMany(block => block.Rows))
        {
            if (!pupils.TryGetValue(row.PartitionId, out var met))
            {
                pupils.Add(row.PartitionId, met = new PupilSet());
            }

            met.Add(row.Pupil);
        }

        return pupils.Count;
    }

    private static List<SegmentBuffer> Gather(List<JudgedBlock> blocks)
    {
        var segments = new List<SegmentBuffer> { new() };
        foreach (var block in blocks)
        {
            for (var from = 0; from < block.Values.Rows;)
            {
                var count = Math.Min(block.Values.Rows - from, SegmentRows - segments[^1].Rows);
                segments[^1].Append(block.Values, from, count, TestCatalogue.Partitions[0].SchoolYear);
                from += count;
                if (segments[^1].Rows == SegmentRows)
                {
                    segments.Add(new SegmentBuffer());
                }
            }
        }

        return segments.FindAll(segment => segment.Rows > 0);
    }

    private static async Task<double> StoreAsync(List<(SegmentPlace Place, IReadOnlyList<(StoredColumn, byte[])> Columns)> segments)
    {
        await using var server = await BenchmarkServer.StartAsync();
        var writer = server.Get<StoreWriter>();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(segments.Select(segment => writer.WriteAsync(scope => PartitionStore.Insert(scope, segment.Place, segment.Columns), CancellationToken.None)));
        return watch.Elapsed.TotalSeconds;
    }

    private static (T Result, double Seconds) Timed<T>(Func<T> stage)
    {
        var watch = Stopwatch.StartNew();
        var result = stage();
        return (result, watch.Elapsed.TotalSeconds);
    }

    private static async Task<(T Result, double Seconds)> TimedAsync<T>(Func<Task<T>> stage)
    {
        var watch = Stopwatch.StartNew();
        var result = await stage();
        return (result, watch.Elapsed.TotalSeconds);
    }
}
