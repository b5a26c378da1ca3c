namespace Delivery.Benchmarks.Extracts;

/// <summary>Extracts at once, each of a project of its own.</summary>
/// <param name="Streams">How many.</param>
/// <param name="Rows">Rows of all of them.</param>
/// <param name="SealedBytes">Sealed bytes of all of them.</param>
/// <param name="Seconds">From the first request to the last receipt, the median of the rounds.</param>
/// <param name="FirstMedianSeconds">From asking to the first batch in the file: half took less.</param>
/// <param name="FirstP99Seconds">The same: 99 of 100 took less.</param>
/// <param name="Server">The server's figures after all rounds.</param>
/// <param name="Client">The client's.</param>
internal sealed record Many(
    int Streams, long Rows, long SealedBytes, double Seconds, double FirstMedianSeconds, double FirstP99Seconds, ProcessFigures Server, ProcessFigures Client);

/// <summary>Part D.</summary>
internal sealed class ManyPart(Registers registers, ExtractOrder order, Action<string> say)
{
    private const int TestsEach = 4;

    // Each count sees at least this many first batches, so that a p99 is one of them and not a guess.
    private const int FirstBatchesMin = 96;

    public async Task<IReadOnlyList<Many>> RunAsync()
    {
        var register = await registers.OfAsync(order.Rows[^1]);
        var all = new List<Many>();
        foreach (var streams in new[] { 1, 8, 64 })
        {
            all.Add(await RunAsync(register, streams));
            say(Page.Text($"{streams} at once: {all[^1].Seconds:N2} s, first p99 {all[^1].FirstP99Seconds * 1000:N0} ms"));
        }

        return all;
    }

    private async Task<Many> RunAsync(Register register, int streams)
    {
        await using var pair = await Pair.StartAsync(register);
        string[] projects = [.. Enumerable.Range(0, streams).Select(index => Page.Text($"BENCH-D-{index}"))];
        foreach (var project in projects)
        {
            await register.ApproveAsync(pair.Address, project, Scopes.Tests(TestsEach));
        }

        await TogetherAsync(pair, projects);
        var rounds = new List<(double Seconds, PullFigures[] Pulls)>();
        for (var number = 0; number < (order.IsQuick ? 1 : Math.Max(2, FirstBatchesMin / streams)); number++)
        {
            rounds.Add(await TogetherAsync(pair, projects));
        }

        var firsts = rounds.SelectMany(round => round.Pulls).Select(pull => pull.FirstSeconds).ToList();
        return new Many(
            streams,
            rounds[0].Pulls.Sum(pull => pull.Rows),
            rounds[0].Pulls.Sum(pull => pull.SealedBytes),
            Page.Median(rounds.Select(round => round.Seconds)),
            Page.Median(firsts),
            Page.At(firsts, 0.99),
            await pair.Server.FiguresAsync(),
            await pair.Client.FiguresAsync());
    }

    private static async Task<(double Seconds, PullFigures[] Pulls)> TogetherAsync(Pair pair, string[] projects)
    {
        // All begin at once, so the slowest of them is the round.
        var pulls = await pair.Client.AskAsync<PullFigures[]>(["together", .. projects]);
        return (pulls.Max(pull => pull.Seconds), pulls);
    }
}
