using System.Globalization;
using Delivery.Benchmarks.Extracts;
using Delivery.Client.Synthetic;
using Npgsql;

namespace Delivery.Benchmarks.Stores;

/// <summary>The same work on SQLite and on PostgreSQL, in turns: imports, pulls of the whole register, and appends from several servers at once.</summary>
internal static class StoreBenchmark
{
    private const int Rounds = 3;
    private const ulong Seed = 1;
    private const double AppendSeconds = 5;

    /// <summary>Measures and describes, as Markdown.</summary>
    /// <param name="rows">Rows of the register.</param>
    /// <param name="say">Told what is being done.</param>
    public static async Task<string> RunAsync(long rows, Action<string> say)
    {
        var folder = Directory.CreateTempSubdirectory("delivery-benchmark-").FullName;
        await using var cluster = await BenchmarkCluster.StartAsync();
        try
        {
            var page = new Page();
            page.Say($"# SQLite and PostgreSQL, measured");
            page.Say($"Made by `dotnet run -c Release --project tests/Delivery.Benchmarks -- store` on {Machine.Describe()}, PostgreSQL {Version(await cluster.CreateAsync())} with {string.Join(", ", BenchmarkCluster.ServerSettings)} and otherwise its defaults, over TCP on the same machine, whose cores it shares with server and client. Both stores sync every commit. {rows:N0} made-up rows; both stores take turns; medians of {Rounds} rounds, ratios within a round.");
            var file = Path.Combine(folder, "results.csv");
            await using (var output = File.Create(file))
            {
                await SyntheticCsvWriter.WriteAsync(new SyntheticResults(rows, Seed), output);
            }

            await ImportsAsync(page, cluster, file, rows, say);
            File.Delete(file);
            await PullsAsync(page, cluster, folder, rows, say);
            await AppendsAsync(page, cluster, folder, say);
            page.Say($"## Ways to keep a sealed column in PostgreSQL");
            page.Say($"2,000 columns of 131,072 random bytes, eight to a transaction and to a question, on one connection without sealing.");
            page.Table("way | MB/s written | MB/s read", await ColumnWays.MeasureAsync(await cluster.CreateAsync(), Rounds));
            return page.ToString().TrimEnd('\n') + "\n";
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task ImportsAsync(Page page, BenchmarkCluster cluster, string file, long rows, Action<string> say)
    {
        var (sqlite, postgres) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            sqlite.Add(await ImportBenchmark.ImportAsync(file, rows));
            postgres.Add(await ImportBenchmark.ImportAsync(file, rows, await cluster.CreateAsync()));
            await cluster.DropAsync();
            say(Page.Text($"import: SQLite {sqlite[^1]:N2} s, PostgreSQL {postgres[^1]:N2} s"));
        }

        page.Say($"## Import");
        page.Table("store | seconds | rows/s | of SQLite", Lines(sqlite, postgres, rows));
    }

    private static async Task PullsAsync(Page page, BenchmarkCluster cluster, string folder, long rows, Action<string> say)
    {
        var inFolder = new Register(Path.Combine(folder, "sqlite"), rows);
        var inDatabase = new Register(Path.Combine(folder, "postgres"), rows);
        inDatabase.KeepIn(await cluster.CreateAsync());
        await inFolder.EnsureAsync(say);
        await inDatabase.EnsureAsync(say);
        await using var one = await Pair.StartAsync(inFolder);
        await using var other = await Pair.StartAsync(inDatabase);
        const string Project = "BENCH-S";
        await inFolder.ApproveAsync(one.Address, Project, Scopes.Full);
        await inDatabase.ApproveAsync(other.Address, Project, Scopes.Full);
        var (sqlite, postgres) = (new List<Pulled>(), new List<Pulled>());

        // The first round compiles and fills caches, and does not count.
        for (var round = 0; round <= Rounds; round++)
        {
            sqlite.Add(await one.PullAsync(Project));
            postgres.Add(await other.PullAsync(Project));
            say(Page.Text($"pull: SQLite {sqlite[^1].Pull.Seconds:N2} s, PostgreSQL {postgres[^1].Pull.Seconds:N2} s, first batch {sqlite[^1].Pull.FirstSeconds * 1000:N0} and {postgres[^1].Pull.FirstSeconds * 1000:N0} ms"));
        }

        page.Say($"## Extract of the whole register, store to pseudonymised file");
        page.Table(
            "store | seconds | rows/s | of SQLite",
            Lines([.. sqlite.Skip(1).Select(pulled => pulled.Pull.Seconds)], [.. postgres.Skip(1).Select(pulled => pulled.Pull.Seconds)], sqlite[0].Pull.Rows));
        page.Table(
            "store | server's processor time | server's peak memory | sealed bytes a row | first batch in the file, warm",
            new[] { ("SQLite", sqlite), ("PostgreSQL", postgres) }.Select(store => new[]
            {
                store.Item1,
                Page.Text($"{Page.Median(store.Item2.Skip(1).Select(pulled => pulled.Server.CpuSeconds)):N2} s"),
                Page.MiB(store.Item2.Max(pulled => pulled.Server.PeakBytes)),
                Page.Text($"{(double)store.Item2[0].Pull.SealedBytes / store.Item2[0].Pull.Rows:N1}"),
                Page.Text($"{Page.Median(store.Item2.Skip(1).Select(pulled => pulled.Pull.FirstSeconds)) * 1000:N1} ms"),
            }));
    }

    private static async Task AppendsAsync(Page page, BenchmarkCluster cluster, string folder, Action<string> say)
    {
        var lines = new List<string[]> { await AppendsAsync("SQLite", 1, null, folder, say) };
        foreach (var servers in new[] { 1, 2, 4 })
        {
            lines.Add(await AppendsAsync("PostgreSQL", servers, await cluster.CreateAsync(), folder, say));
        }

        page.Say($"## Appends to the log, {AppendSeconds:N0} s each");
        page.Say($"Each server has 64 appends waiting, so that its commits are full.");
        page.Table("store | servers | appends/s of all | of the slowest", lines);
    }

    private static async Task<string[]> AppendsAsync(string store, int servers, BenchmarkDatabase? database, string folder, Action<string> say)
    {
        var all = new List<Child>();
        for (var server = 0; server < servers; server++)
        {
            all.Add((await Child.StartAsync(AppendRole.Name, Path.Combine(folder, Page.Text($"append-{store}-{servers}-{server}")), database?.ConnectionString ?? "")).Child);
        }

        await Task.WhenAll(all.Select(child => child.AskAsync<Appended>("run", "2")));
        var appended = await Task.WhenAll(all.Select(child => child.AskAsync<Appended>("run", AppendSeconds.ToString(CultureInfo.InvariantCulture))));
        foreach (var child in all)
        {
            await child.DisposeAsync();
        }

        var perSecond = appended.Select(one => one.Leaves / one.Seconds).ToList();
        say(Page.Text($"appends: {store}, {servers} servers: {perSecond.Sum():N0}/s"));
        return [store, Page.Text($"{servers}"), Page.Text($"{perSecond.Sum():N0}"), Page.Text($"{perSecond.Min():N0}")];
    }

    private static IEnumerable<string[]> Lines(List<double> sqlite, List<double> postgres, long rows) =>
    [
        ["SQLite", Page.Text($"{Page.Median(sqlite):N2}"), Page.Text($"{rows / Page.Median(sqlite):N0}"), ""],
        ["PostgreSQL", Page.Text($"{Page.Median(postgres):N2}"), Page.Text($"{rows / Page.Median(postgres):N0}"), Page.Text($"{Page.Median(sqlite.Zip(postgres, (first, second) => first / second)):N2}")],
    ];

    private static string Version(BenchmarkDatabase database)
    {
        using var connection = new NpgsqlConnection(database.ConnectionString);
        connection.Open();
        return connection.ServerVersion;
    }
}
