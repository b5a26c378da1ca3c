using System.Diagnostics;
using System.Globalization;
using System.Text;
using Delivery.Benchmarks.Stores;
using Delivery.Client.Intake;
using Delivery.Client.Synthetic;

namespace Delivery.Benchmarks;

/// <summary>An import of every test and year over mutual TLS, beside what <c>sqlite3 .import</c> takes for the same file, and each stage by itself.</summary>
internal static class ImportBenchmark
{
    public const long FullRows = 8_300_000;

    private const int Rounds = 3;
    private const ulong Seed = 1;

    /// <summary>Measures and describes, as Markdown.</summary>
    /// <param name="rows">Rows of the file.</param>
    /// <param name="say">Told what is being done.</param>
    public static async Task<string> RunAsync(long rows, Action<string> say)
    {
        var folder = Directory.CreateTempSubdirectory("delivery-benchmark-").FullName;
        try
        {
            var file = Path.Combine(folder, "results.csv");
            say(Text($"making {rows:N0} rows"));
            await using (var output = File.Create(file))
            {
                await SyntheticCsvWriter.WriteAsync(new SyntheticResults(rows, Seed), output);
            }

            return await MeasureAsync(file, rows, say);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> MeasureAsync(string file, long rows, Action<string> say)
    {
        var page = new StringBuilder(Text(
            $"""
            # Import, measured

            Made by `dotnet run -c Release --project tests/Delivery.Benchmarks -- import`: medians of {Rounds} rounds on {Machine.Describe()}. The file has {rows:N0} made-up rows of 22 columns, {new FileInfo(file).Length / 1e6:N0} MB of CSV, and is in the page cache. Import and `sqlite3 .import` take turns, each into a new database on the same disk. Client and server are one process and share the cores; the import is over mutual TLS, judged by every rule, sealed at rest and committed with `synchronous = FULL`. `sqlite3 .import` stores text, judges and seals nothing, and does not wait for the disk.

            | measured | rows/s |
            |---|---:|

            """).ReplaceLineEndings("\n"));
        var (imports, sqlites) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            say("import");
            imports.Add(await ImportAsync(file, rows));
            say(Text($"{rows / imports[^1]:N0} rows/s"));
            say("sqlite3 .import");
            sqlites.Add(await SqliteAsync(file));
            say(Text($"{rows / sqlites[^1]:N0} rows/s"));
        }

        using var process = Process.GetCurrentProcess();
        var peak = process.PeakWorkingSet64;
        Row(page, "`delivery import`, from file to committed leaves", rows / Median(imports));
        Row(page, "`sqlite3 .import` of the same file", rows / Median(sqlites));
        foreach (var (stage, perSecond) in await ImportStages.MeasureAsync(file, say))
        {
            Row(page, stage, perSecond);
        }

        page.Append(Text($"\nThe first import of the process, which the runtime still compiles: {rows / imports[0]:N0} rows/s. Peak working set of client and server in the one process, over {Rounds} imports into {Rounds} servers: {peak / 1e6:N0} MB.\n"));
        return page.ToString();
    }

    /// <summary>Seconds of one import into a new store.</summary>
    public static async Task<double> ImportAsync(string file, long rows, BenchmarkDatabase? database = null)
    {
        await using var server = await BenchmarkServer.StartAsync(database);
        using var client = server.Client();
        var watch = Stopwatch.StartNew();
        var report = await client.Intake.ImportCsvAsync(file, new ImportOptions { SourceDeliveryId = "benchmark" });
        return report.AcceptedRows == rows ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException("Not every row was accepted.");
    }

    private static async Task<double> SqliteAsync(string file)
    {
        var database = Path.ChangeExtension(file, "sqlite");
        var watch = Stopwatch.StartNew();
        using (var shell = Process.Start("sqlite3", [database, ".mode csv", $".import {file} results"]))
        {
            await shell.WaitForExitAsync();
            if (shell.ExitCode != 0)
            {
                throw new InvalidOperationException("sqlite3 did not import the file.");
            }
        }

        var elapsed = watch.Elapsed.TotalSeconds;
        File.Delete(database);
        return elapsed;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Row(StringBuilder page, string measured, double perSecond) =>
        page.Append(CultureInfo.InvariantCulture, $"| {measured} | {perSecond:N0} |\n");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
