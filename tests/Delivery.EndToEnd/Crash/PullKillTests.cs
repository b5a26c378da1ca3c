using System.Diagnostics;
using System.Globalization;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Xunit.Abstractions;

namespace Delivery.EndToEnd.Crash;

/// <summary>
/// <c>delivery pull</c> and the server as processes. The client is killed, the server is killed and started again, the network is cut, at any byte
/// between them; the same command is typed again until it is done. The file has the bytes of a pull that nothing happened to.
/// </summary>
public abstract class PullKillTests(StoreKind store, int rounds, ITestOutputHelper output) : IAsyncLifetime
{
    private const int InterruptionsMax = 3;
    private const int RunsMax = 12;
    private const int EndBytes = 6 << 10;
    private const int Seed = 20_261_122;

    private static readonly string[] Forms = [".arrow", ".arrows", ".csv"];

    private readonly Random _random = new(Seed);
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (byte[] Bytes, long Passed)> _uncut = [];
    private readonly CuttingProxy _proxy = new();
    private PulledExtract _extract = null!;
    private ChildServer _server = null!;
    private Task _restarting = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        _extract = await PulledExtract.MakeAsync(store);
        await StartServerAsync();
    }

    public async Task DisposeAsync()
    {
        await _restarting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _proxy.DisposeAsync();
        _server.Dispose();
        await _extract.DisposeAsync();
    }

    [Fact]
    public async Task A_pull_ends_with_the_same_bytes_whatever_is_killed_and_whenever()
    {
        var clock = Stopwatch.StartNew();
        foreach (var form in Forms)
        {
            _proxy.Arm(0, null);
            var run = await RunAsync("uncut" + form, "1");
            Assert.True(run.Code == 0, run.Talk);
            _uncut[form] = (await File.ReadAllBytesAsync(_extract.At("uncut" + form)), _proxy.Passed);
        }

        for (var round = 0; round < rounds; round++)
        {
            await RoundAsync(Forms[round % Forms.Length], round);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Seed {Seed}: {rounds} rounds in {clock.Elapsed.TotalSeconds:F0} s."));
        output.WriteLine(string.Join(", ", _counts.Select(count => $"{count.Key} {count.Value}")));
        output.WriteLine(string.Join(", ", _uncut.Select(form => $"{form.Key} {form.Value.Bytes.Length} bytes, {form.Value.Passed} on the wire")));
        Assert.True(_counts.GetValueOrDefault("rounds that resumed") >= rounds / 4, "Too few pulls were cut in the middle to prove anything.");
    }

    private async Task RoundAsync(string form, int round)
    {
        var name = $"round{round}{form}";
        var interruptions = _random.Next(1, InterruptionsMax + 1);
        var save = _random.Next(3) == 0 ? "0.05" : "0";
        var hasResumed = false;
        for (var run = 0; !File.Exists(_extract.At(name)) || File.Exists(_extract.At(name + ".state")); run++)
        {
            Assert.True(run < RunsMax, $"Round {round} never ends.");
            var ended = await RunAsync(name, save, run < interruptions ? form : null);
            if (ended.Code == 0)
            {
                hasResumed |= (long)ChildTool.Result(ended)["resumed_rows"]! > 0;
            }
            else
            {
                Count(ended.Code is 137 or -9 ? "killed pulls" : "pulls that gave up");
                hasResumed |= ended.Talk.Contains("Resuming ", StringComparison.Ordinal);
            }
        }

        Count(hasResumed ? "rounds that resumed" : "rounds that began anew");
        var bytes = await File.ReadAllBytesAsync(_extract.At(name));
        Assert.True(_uncut[form].Bytes.AsSpan().SequenceEqual(bytes), $"Round {round} ({name}) ends with other bytes.");
        // Nothing is left over; a .csv has its description beside it.
        Assert.Equal(
            form == ".csv" ? [name, name + "-metadata.json"] : [name],
            Directory.GetFiles(Path.GetDirectoryName(_extract.At(name))!, $"round{round}.*").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    /// <summary>One run of the command; with a form, something happens to it on the way.</summary>
    private async Task<ToolRun> RunAsync(string name, string save, string? interruptedForm = null)
    {
        await _restarting;
        ChildTool? pull = null;
        if (interruptedForm is not null)
        {
            var (kind, act) = Interruption(() => pull!.Kill());
            // Anywhere in what an uncut pull takes; every fifth time in its last bytes, where trailer, receipt and report are.
            var passed = _uncut[interruptedForm].Passed;
            _proxy.Arm(_random.Next(5) == 0 ? passed - _random.Next(EndBytes) : _random.NextInt64(1, passed), () =>
            {
                Count(kind);
                act();
            });
        }

        using (pull = ChildTool.StartPull(_extract.Server, _proxy.Address, PulledExtract.Project, _extract.At(name), "--save", save))
        {
            return await pull.EndAsync();
        }
    }

    private (string Kind, Action Act) Interruption(Action killPull) => _random.Next(4) switch
    {
        0 => ("server killed", KillServer),
        1 => ("network cut", _proxy.Cut),
        _ => ("client killed", killPull),
    };

    private void KillServer()
    {
        _server.Kill();
        _restarting = Task.Run(async () =>
        {
            _server.Dispose();
            await StartServerAsync();
        });
    }

    private async Task StartServerAsync()
    {
        _server = await ChildServer.StartAsync(_extract.Server);
        _proxy.Target = _extract.Server.Address;
    }

    private void Count(string what)
    {
        lock (_counts)
        {
            _counts[what] = _counts.GetValueOrDefault(what) + 1;
        }
    }
}

public sealed class PullKillTestsOnSqlite(ITestOutputHelper output) : PullKillTests(StoreKind.Sqlite, rounds: 24, output);

[NeedsPostgres]
public sealed class PullKillTestsOnPostgres(ITestOutputHelper output) : PullKillTests(StoreKind.Postgres, rounds: 12, output);
