using System.Diagnostics;
using System.Globalization;
using System.Text;
using Delivery.Client.Synthetic;
using Delivery.EndToEnd.Intake;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Xunit.Abstractions;

namespace Delivery.EndToEnd.Crash;

/// <summary>
/// <c>delivery import</c> and the server as processes. One of them is killed at any byte between them, and the same command is typed again. The
/// store ends as that of a server where nothing happened: every row, every row set aside, every report, every leaf.
/// </summary>
public abstract class ImportKillTests(StoreKind store, ITestOutputHelper output) : IAsyncLifetime
{
    private const int RoundsEach = 7;
    private const int Rounds = 2 * RoundsEach;
    private const int RowsARound = 14_000;
    private const int EndBytes = 4 << 10;
    private const int PauseMs = 30, LatePauseMs = 600;
    private const int Seed = 20_261_123;

    // Small segments, so that an import has stored many before it is cut.
    private static readonly (string, string)[] Settings = [("Delivery:Storage:SegmentRowsMax", "256"), ("Delivery:Intake:BufferedRowsMax", "16384")];

    private readonly Random _random = new(Seed);
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly CuttingProxy _proxy = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("delivery-import-");
    private RunningServer _cut = null!;
    private RunningServer _clean = null!;
    private ChildServer? _server;
    private Task _restarting = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        (_cut, _clean) = (await RunningServer.StartNewAsync(store, Settings), await RunningServer.StartNewAsync(store, Settings));
        var before = await ResultsFile.MakeAsync(10_000, seed: 3);
        await _clean.Channel("stil-intake").ImportAsync("before", before.Bytes);
        await _cut.Channel("stil-intake").ImportAsync("before", before.Bytes);
        await _cut.StopAsync();
        await StartServerAsync();
    }

    public async Task DisposeAsync()
    {
        await _restarting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _proxy.DisposeAsync();
        _server?.Dispose();
        await _cut.DisposeAsync();
        await _clean.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_import_ends_with_the_same_store_whoever_is_killed_and_whenever()
    {
        var clock = Stopwatch.StartNew();
        output.WriteLine($"Seed {Seed}.");
        var files = await FilesAsync();
        _proxy.Arm(0, null);
        await TypeAsync(files[0], "round-0");
        var passed = _proxy.Passed;
        await _clean.Channel("stil-intake").ImportAsync("round-0", await File.ReadAllBytesAsync(files[0]));
        for (var round = 1; round <= Rounds; round++)
        {
            await RoundAsync(files[round], $"round-{round}", round > RoundsEach, passed);
            await _clean.Channel("stil-intake").ImportAsync($"round-{round}", await File.ReadAllBytesAsync(files[round]));
        }

        _server!.Dispose();
        _server = null;
        await _cut.StartAsync();
        Assert.Equal(StoredContent.Of(_clean), StoredContent.Of(_cut));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Rounds} kills in {clock.Elapsed.TotalSeconds:F0} s, some {passed} bytes an import."));
        output.WriteLine(string.Join(", ", _counts.Select(count => $"{count.Key} {count.Value}")));
        Assert.True(_counts.GetValueOrDefault("client killed") >= 6 && _counts.GetValueOrDefault("server killed") >= 6, "Too few imports were cut to prove anything.");
        Assert.True(_counts.GetValueOrDefault("imported by the repetition") > RoundsEach / 2, "Too few imports were cut before their end.");
    }

    // The import is cut and then typed again, also where its client went on by itself: then nothing may change.
    private async Task RoundAsync(string file, string deliveryId, bool killsServer, long passed)
    {
        ChildTool? tool = null;

        // Anywhere in an import's bytes; every third time in its last ones and the work after them: trailer, commit and answer.
        var isLate = _random.Next(3) == 0;
        var at = isLate ? passed - _random.Next(EndBytes) : _random.NextInt64(1, passed);
        var pause = TimeSpan.FromMilliseconds(_random.Next(isLate ? LatePauseMs : PauseMs));
        _proxy.Arm(at, () =>
        {
            // The server goes on meanwhile, so that it is cut anywhere in its work and not only where a frame was passed on.
            var waited = Stopwatch.StartNew();
            var killing = Task.Run(() =>
            {
                SpinWait.SpinUntil(() => waited.Elapsed >= pause);
                if (killsServer)
                {
                    _server!.Kill();
                }
                else
                {
                    tool!.Kill();
                }
            });
            Count(killsServer ? "server killed" : "client killed");
            _restarting = killsServer ? RestartAsync(killing) : killing;
        });
        using (tool = ChildTool.StartImport(_cut, _proxy.Address, file, deliveryId))
        {
            var run = await tool.EndAsync();
            _proxy.Arm(0, null);
            await _restarting;
            if (run.Code == 0)
            {
                Count(run.Talk.Contains("sending the file again", StringComparison.Ordinal) ? "went on by itself" : "heard the answer");
            }
        }

        var repeated = await TypeAsync(file, deliveryId);
        Count((bool)repeated.Json["already_imported"]! ? "found imported" : "imported by the repetition");
    }

    private async Task<ToolRun> TypeAsync(string file, string deliveryId)
    {
        using var tool = ChildTool.StartImport(_cut, _proxy.Address, file, deliveryId);
        var run = await tool.EndAsync();
        Assert.True(run.Code == 0, run.Talk);
        return run;
    }

    // Each file has partitions of its own, so that what an import left shows at the end; and faults of every kind.
    private async Task<List<string>> FilesAsync()
    {
        using var made = new MemoryStream();
        await SyntheticCsvWriter.WriteAsync(new SyntheticResults(RowsARound * (Rounds + 1), 11, voluntaryShare: 0.1), made, new SyntheticFaults(0.05, seed: 7));
        var lines = Encoding.UTF8.GetString(made.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string[] key = ["programme", "school_year", "subject", "grade"];
        var columns = key.Select(column => Array.IndexOf(lines[0].Split(','), column)).ToArray();
        var tests = new Dictionary<string, int>(StringComparer.Ordinal);
        var files = new List<string>();
        foreach (var group in lines.Skip(1).GroupBy(Place).OrderBy(group => group.Key))
        {
            files.Add(Path.Combine(_folder.FullName, $"{group.Key}.csv"));
            await File.WriteAllLinesAsync(files[^1], group.Prepend(lines[0]));
        }

        return files;

        // Tests go to the files in turn.
        int Place(string line)
        {
            var fields = line.Split(',');
            var test = string.Join('-', columns.Select(column => fields[column]));
            return tests.TryGetValue(test, out var place) ? place : tests[test] = tests.Count % (Rounds + 1);
        }
    }

    private async Task RestartAsync(Task killing)
    {
        await killing;
        _server!.Dispose();
        await StartServerAsync();
    }

    private async Task StartServerAsync()
    {
        _server = await ChildServer.StartAsync(_cut);
        _proxy.Target = _cut.Address;
    }

    private void Count(string what)
    {
        lock (_counts)
        {
            _counts[what] = _counts.GetValueOrDefault(what) + 1;
        }
    }
}

public sealed class ImportKillTestsOnSqlite(ITestOutputHelper output) : ImportKillTests(StoreKind.Sqlite, output);

[NeedsPostgres]
public sealed class ImportKillTestsOnPostgres(ITestOutputHelper output) : ImportKillTests(StoreKind.Postgres, output);
