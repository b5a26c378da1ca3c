using System.Diagnostics;
using System.Globalization;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Xunit.Abstractions;

namespace Delivery.EndToEnd.Crash;

/// <summary>
/// Real server processes are killed while they stream, again and again on the same data folders. After each start nothing that anybody was told
/// may be missing, and the recipient goes on from what it holds.
/// </summary>
public abstract class KillTests(StoreKind store, int killsPerSeed, ITestOutputHelper output)
{
    // Two folders at a time, because most of a life is a start, which keeps one core busy.
    private static readonly int[] Seeds = [20_251_122, 20_251_123];

    [Fact]
    public async Task A_killed_server_has_said_nothing_it_cannot_stand_by()
    {
        var kills = Seeds.Length * killsPerSeed;
        var clock = Stopwatch.StartNew();
        var runs = Seeds.Select(seed => new KillRun(store, seed, killsPerSeed)).ToList();
        output.WriteLine($"Seeds {string.Join(" and ", Seeds)}.");
        await Task.WhenAll(runs.Select(run => run.LiveAsync()));

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{kills} kills in {clock.Elapsed.TotalSeconds:F0} s, {runs.Sum(run => run.Held)} batches held when the server died, {runs.Sum(run => run.Answers)} answers and {runs.Sum(run => run.Checkpoints)} checkpoints found again, {runs.Sum(run => run.Resumed)} streams resumed, {runs.Sum(run => run.Leaves)} leaves."));
        var points = runs.SelectMany(run => run.Points).GroupBy(point => point.Key, point => point.Value).OrderBy(point => point.Key, StringComparer.Ordinal).ToList();
        output.WriteLine("Killed " + string.Join(", ", points.Select(point => $"{point.Key}: {point.Sum()}")));
        Assert.True(points.Single(point => point.Key == "between ranges").Sum() > kills / 2, "Too few streams were cut in the middle to prove anything.");
        Assert.True(runs.All(run => run.Resumed > 0), "No stream was resumed.");
    }
}

public sealed class KillTestsOnSqlite(ITestOutputHelper output) : KillTests(StoreKind.Sqlite, killsPerSeed: 26, output);

[NeedsPostgres]
public sealed class KillTestsOnPostgres(ITestOutputHelper output) : KillTests(StoreKind.Postgres, killsPerSeed: 13, output);
