using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit.Abstractions;

namespace Delivery.Tests.Simulation;

/// <summary>
/// The log core under every misfortune a process can meet, from seeds. A failure names its seeds; a seed alone brings the same acts and faults
/// again.
/// </summary>
public sealed class SimulationTests(SimulatedWorld world, ITestOutputHelper output) : IClassFixture<SimulatedWorld>
{
    private const int Lives = 200;
    private const int LivesOfACanary = 24;

    [Fact]
    public async Task No_crash_at_any_point_breaks_a_promise_of_the_log()
    {
        var clock = Stopwatch.StartNew();
        var (figures, broken) = await LiveAsync(Enumerable.Range(1, Lives), Canary.None);
        output.WriteLine($"Seeds 1 to {Lives} in {clock.Elapsed.TotalSeconds:F0} s: {figures}");
        Assert.True(broken.IsEmpty, string.Join('\n', broken.OrderBy(life => life.Key).Select(life => $"Seed {life.Key}: {string.Join(' ', life.Value)}")));
        Assert.True(figures is { Crashes: > Lives, InDoubt: > Lives / 4, BackupsRefused: > Lives / 4 }, "The lives met too little misfortune to prove anything.");
    }

    [Theory]
    [InlineData(Canary.AnswerBeforeCommit, "is held outside and covered by 0 ranges")]
    [InlineData(Canary.SkipPinCheck, "no beginning of the log")]
    [InlineData(Canary.ReuseIndex, "is not in the log")]
    [InlineData(Canary.SignUncommitted, "no beginning of the log")]
    [InlineData(Canary.ReleaseAfterBytes, "is held outside and covered by 0 ranges")]
    [InlineData(Canary.SkipRecovery, "has 0 terminal leaves")]
    internal async Task Every_planted_bug_is_caught(Canary canary, string finding)
    {
        var (_, broken) = await LiveAsync(Enumerable.Range(1, LivesOfACanary), canary);
        output.WriteLine($"{canary} was caught in {broken.Count} of {LivesOfACanary} lives, first by seed {broken.Keys.DefaultIfEmpty().Min()}.");
        Assert.Contains(broken.Values.SelectMany(found => found), found => found.Contains(finding, StringComparison.Ordinal));
    }

    private async Task<(LifeFigures Figures, ConcurrentDictionary<int, IReadOnlyList<string>> Broken)> LiveAsync(IEnumerable<int> seeds, Canary canary)
    {
        var broken = new ConcurrentDictionary<int, IReadOnlyList<string>>();
        var figures = new ConcurrentBag<LifeFigures>();
        await Parallel.ForEachAsync(seeds, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, async (seed, _) =>
        {
            await using var life = new SimulatedLife(world, seed, canary);
            try
            {
                await life.LiveAsync();
            }
            catch (Exception exception) when (canary is Canary.None)
            {
                broken[seed] = [exception.ToString()];
                return;
            }
            catch (Exception) when (canary is not Canary.None)
            {
                // A planted bug may break the service itself; that alone is no finding of the checker.
            }

            figures.Add(life.Figures);
            if (life.Broken.Count > 0)
            {
                broken[seed] = life.Broken;
            }
        });
        return (figures.Aggregate((left, right) => left + right), broken);
    }
}
