namespace Delivery.Benchmarks.Extracts;

/// <summary>A pull of some size, and what it took.</summary>
/// <param name="Size">What was varied.</param>
/// <param name="Seconds">The median.</param>
/// <param name="Last">The last of the pulls.</param>
internal sealed record Cost(long Size, double Seconds, Pulled Last);

/// <summary>Part E: how the cost grows with rows, columns and tests.</summary>
internal sealed class CostPart(Registers registers, ExtractOrder order, Action<string> say)
{
    private const int TestsOfColumns = 20;

    /// <summary>Whole registers of so many rows, each with all 170 tests.</summary>
    public async Task<IReadOnlyList<Cost>> ByRowsAsync()
    {
        long[] sizes = order.IsQuick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000, 10_000_000];
        var costs = new List<Cost>();
        foreach (var rows in sizes)
        {
            var register = await registers.OfAsync(rows);
            await using var pair = await Pair.StartAsync(register);
            await register.ApproveAsync(pair.Address, "BENCH-E-ALL", Scopes.Full);
            costs.Add(await CostAsync(pair, "BENCH-E-ALL", rows));
        }

        return costs;
    }

    /// <summary>The same tests with more and more columns.</summary>
    public async Task<IReadOnlyList<Cost>> ByColumnsAsync()
    {
        var register = await registers.OfAsync(order.Rows[^1]);
        await using var pair = await Pair.StartAsync(register);
        var costs = new List<Cost>();
        foreach (var columns in new[] { 2, 4, 6, 8, 10, 12, 14, 16, 18 })
        {
            var project = Page.Text($"BENCH-E-COL-{columns}");
            await register.ApproveAsync(pair.Address, project, Scopes.Columns(TestsOfColumns, columns));
            costs.Add(await CostAsync(pair, project, columns));
        }

        return costs;
    }

    /// <summary>More and more tests of one register.</summary>
    public async Task<IReadOnlyList<Cost>> ByTestsAsync()
    {
        var register = await registers.OfAsync(order.Rows[^1]);
        await using var pair = await Pair.StartAsync(register);
        var costs = new List<Cost>();
        foreach (var tests in new[] { 1, 3, 10, 30, 100, 170 })
        {
            var project = Page.Text($"BENCH-E-TESTS-{tests}");
            await register.ApproveAsync(pair.Address, project, Scopes.Tests(tests));
            costs.Add(await CostAsync(pair, project, tests));
        }

        return costs;
    }

    private async Task<Cost> CostAsync(Pair pair, string project, long size)
    {
        await pair.PullAsync(project);
        var pulls = new List<Pulled>();
        for (var number = 0; number < order.Passes; number++)
        {
            pulls.Add(await pair.PullAsync(project));
        }

        var cost = new Cost(size, Page.Median(pulls.Select(pulled => pulled.Pull.Seconds)), pulls[^1]);
        say(Page.Text($"{project}: {cost.Last.Pull.Rows:N0} rows in {cost.Seconds:N3} s"));
        return cost;
    }
}
