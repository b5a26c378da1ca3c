using System.Diagnostics;
using System.Globalization;
using Delivery.Benchmarks.Extracts;
using Delivery.Server.TransferLog;

namespace Delivery.Benchmarks.Stores;

/// <summary>How many leaves one process appended.</summary>
internal sealed record Appended(long Leaves, double Seconds);

/// <summary>A server's store and log in a process of its own, that appends to a log which others may append to at the same time.</summary>
internal static class AppendRole
{
    public const string Name = "append";

    // Twice what one commit takes, so that every commit is full.
    private const int Waiting = 64;

    /// <param name="folder">For the pin and, without a database, the store.</param>
    /// <param name="database">The shared database; null for SQLite.</param>
    public static async Task ServeAsync(string folder, BenchmarkDatabase? database)
    {
        await using var log = await BenchmarkLog.CreateAsync(folder, database);
        await Child.ServeAsync("ready", async words =>
        {
            var (limit, waiting) = (TimeSpan.FromSeconds(double.Parse(words[1], CultureInfo.InvariantCulture)), new Queue<Task<AppendedLeaf>>());
            var (watch, leaves) = (Stopwatch.StartNew(), 0L);
            while (watch.Elapsed < limit)
            {
                var draft = log.Draft();
                waiting.Enqueue(log.Writer.WriteAsync(scope => log.Appender.Append(scope, draft), CancellationToken.None));
                leaves++;
                if (waiting.Count == Waiting)
                {
                    await waiting.Dequeue();
                }
            }

            await Task.WhenAll(waiting);
            return new Appended(leaves, watch.Elapsed.TotalSeconds);
        });
    }
}
