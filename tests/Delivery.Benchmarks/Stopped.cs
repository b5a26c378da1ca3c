using System.Diagnostics;

namespace Delivery.Benchmarks;

/// <summary>Measures by a stopwatch: the median of five rounds, so that one slow round says nothing.</summary>
internal static class Stopped
{
    public const int Rounds = 5;

    /// <summary>Median time of a round.</summary>
    public static async Task<TimeSpan> MedianAsync(Func<Task> round)
    {
        var times = new List<TimeSpan>(Rounds);
        for (var number = 0; number < Rounds; number++)
        {
            var watch = Stopwatch.StartNew();
            await round();
            times.Add(watch.Elapsed);
        }

        return times.Order().ElementAt(Rounds / 2);
    }

    /// <summary>Median time of a round.</summary>
    public static Task<TimeSpan> MedianAsync(Action round) => MedianAsync(() =>
    {
        round();
        return Task.CompletedTask;
    });
}
