using Delivery.Protocol.Domain;

namespace Delivery.Benchmarks.Extracts;

/// <summary>
/// Parts A, B and C: pulls, their limit, and what people do today, in turns with the same rows. Each number of rows has two fresh processes, so
/// that their peak memory is its own.
/// </summary>
internal sealed class PullPart(Registers registers, ExtractOrder order, Action<string> say)
{
    private const string OneTest = "BENCH-A-1";
    private const int FirstBatches = 15;
    private const long RawWarmUpBytes = 256 << 20;

    // Pulled before anything counts, so that small pulls too are measured when both processes are compiled.
    private const long WarmUpRows = 5_000_000;

    private readonly string _scratch = registers.ScratchFile;

    public async Task<IReadOnlyList<Passes>> RunAsync()
    {
        await using var today = order.Parts.Contains('c') ? await StatusQuo.StartAsync() : null;
        var register = await registers.OfAsync(order.Rows[^1]);
        var all = new List<Passes>();
        foreach (var rows in order.Rows)
        {
            // So many of the 170 tests, spread over all years, as hold that many rows.
            var tests = (int)(((TestCatalogue.Partitions.Count * rows) + register.Rows - 1) / register.Rows);
            all.Add(await RunAsync(register, tests, rows == order.Rows[0], today));
        }

        return all;
    }

    private async Task<Passes> RunAsync(Register register, int tests, bool isSmallest, StatusQuo? today)
    {
        var scope = tests == TestCatalogue.Partitions.Count ? Scopes.Full : Scopes.Tests(tests);
        var database = register.PathOf(Page.Text($"plain-{tests}.db"));
        if (today is not null)
        {
            say(Page.Text($"a plain copy of {tests} tests for part C"));
            await SqliteCopy.EnsureAsync(database, register.Results, scope);
        }

        var project = Page.Text($"BENCH-A-{tests}");
        await using var pair = await Pair.StartAsync(register);
        await using var raw = await RawPair.StartAsync(register);
        await register.ApproveAsync(pair.Address, OneTest, Scopes.Tests(1));
        await register.ApproveAsync(pair.Address, project, scope);
        var cold = await pair.PullAsync(OneTest);
        say(Page.Text($"cold: {cold.Pull.Seconds:N2} s, first batch {cold.Pull.FirstSeconds * 1000:N0} ms; warming up"));
        for (var warm = 0L; warm < (order.IsQuick ? 1 : WarmUpRows); warm += (await pair.PullAsync(project)).Pull.Rows)
        {
            say(Page.Text($"warmed up with {warm:N0} rows"));
        }

        await raw.SendAsync(RawWarmUpBytes);

        var passes = new List<Pass>();
        for (var number = 0; number < order.Passes; number++)
        {
            passes.Add(await RunAsync(pair, raw, project, order.HasStatusQuo(isSmallest, number) ? today : null, database));
        }

        var firsts = new List<double>();
        for (var number = 0; number < FirstBatches; number++)
        {
            firsts.Add((await pair.Client.AskAsync<PullFigures>("first", project)).Seconds);
        }

        return new Passes(tests, cold.Pull, firsts, passes);
    }

    private async Task<Pass> RunAsync(Pair pair, RawPair raw, string project, StatusQuo? today, string database)
    {
        var delivered = await pair.PullAsync(project);
        var sent = await raw.SendAsync(delivered.Pull.SealedBytes);
        var alone = Alone.Measure(delivered.Pull.SealedBytes, delivered.Pull.FileBytes, _scratch);
        say(Page.Text($"{delivered.Pull.Rows:N0} rows: {delivered.Pull.Seconds:N2} s, first {delivered.Pull.FirstSeconds * 1000:N0} ms, CPU {delivered.Server.CpuSeconds:N2}+{delivered.Client.CpuSeconds:N2} s, peak {Page.MiB(delivered.Server.PeakBytes)}+{Page.MiB(delivered.Client.PeakBytes)}; raw {sent.Seconds:N2} s, CPU {sent.ServerCpuSeconds:N2}+{sent.ClientCpuSeconds:N2} s"));
        if (today is null)
        {
            return new Pass(delivered, sent.Seconds, sent.ServerCpuSeconds, sent.ClientCpuSeconds, alone, 0, 0, 0);
        }

        var piped = await today.PipedAsync(database);
        var files = await today.ByFilesAsync(database);
        var csv = today.CsvBytes;
        today.Clear();
        say(Page.Text($"    piped {piped:N1} s, by files {files:N1} s"));
        return new Pass(delivered, sent.Seconds, sent.ServerCpuSeconds, sent.ClientCpuSeconds, alone, piped, files, csv);
    }
}
