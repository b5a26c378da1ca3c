using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Server.TransferLog;

namespace Delivery.EndToEnd.Failover;

/// <summary>One of several server processes on one database. It keeps its addresses and its data folder over restarts. One test at a time starts and kills it.</summary>
internal sealed class Replica : IDisposable
{
    private const string Listening = "Application started.";

    // Far beyond what a start takes, or an end: only a server that never comes there takes so long.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, string?> _settings;
    private readonly HttpClient _door;
    private ConcurrentQueue<string> _said = new();
    private Process? _process;

    /// <param name="settings">What all replicas have.</param>
    /// <param name="folder">Its data folder, with lock and pin.</param>
    public Replica(IReadOnlyDictionary<string, string?> settings, string folder)
    {
        var (port, health) = (PostgresNode.FreePort(), PostgresNode.FreePort());
        DataFolder = folder;
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{port}"));
        _door = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{health}")) };
        _settings = new(settings)
        {
            ["Delivery:Storage:DataFolder"] = folder,
            ["Delivery:Listen"] = Address.Authority,
            ["Delivery:Health:Listen"] = _door.BaseAddress.Authority,
        };
    }

    public Uri Address { get; }

    public string DataFolder { get; }

    /// <summary>What its process has written so far.</summary>
    public string Said => string.Join('\n', _said);

    /// <summary>Starts the process and waits until it serves.</summary>
    public async Task StartAsync()
    {
        var serves = Launch();
        await serves.WaitAsync(Patience);
    }

    /// <summary>Starts a process that must refuse to serve; returns its exit code.</summary>
    public async Task<int> RefuseAsync()
    {
        var serves = Launch();
        await serves.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.False(serves.IsCompletedSuccessfully, "It serves.");
        return await EndsAsync();
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public void Kill() => Dispose();

    /// <summary>The exit code of a process that ends by itself.</summary>
    public async Task<int> EndsAsync()
    {
        await _process!.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>Requires that the check of the log at rest, with this server's pin, finds nothing.</summary>
    public LogCheckReport RequireSound(string connectionString, string policy)
    {
        using var folder = LogFolder.OpenPostgres(connectionString, DataFolder);
        var report = folder.Check(policy);
        Assert.True(report.FindingCount == 0, string.Join(", ", report.Findings));
        return report;
    }

    /// <summary>What it says of itself at its door for health checks.</summary>
    public async Task<(HttpStatusCode Status, string Page)> ReadinessAsync()
    {
        using var answer = await _door.GetAsync("readyz");
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Asks the door until it answers so.</summary>
    public async Task UntilAsync(HttpStatusCode status, string words = "")
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await ReadinessAsync() is var (now, page) && (now != status || !page.Contains(words, StringComparison.Ordinal)))
        {
            Assert.False(patience.IsCancellationRequested, page);
        }
    }

    public void Dispose()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }

    private Task Launch()
    {
        Dispose();
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Delivery.Server.dll"));
        // A life lasts seconds: too short for what profiling the code would bring.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (key, value) in _settings.Where(setting => !setting.Key.StartsWith("Logging:", StringComparison.Ordinal)))
        {
            start.ArgumentList.Add($"--{key}={value}");
        }

        start.ArgumentList.Add("--Logging:LogLevel:Default=Warning");
        start.ArgumentList.Add("--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information");
        var said = _said = new ConcurrentQueue<string>();
        var serves = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Exited += (_, _) => serves.TrySetException(new InvalidOperationException($"The server ended: {string.Join('\n', said)}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return serves.Task;

        void Hear(string? line)
        {
            said.Enqueue(line ?? "");
            if (line?.Contains(Listening, StringComparison.Ordinal) == true)
            {
                serves.TrySetResult();
            }
        }
    }
}
