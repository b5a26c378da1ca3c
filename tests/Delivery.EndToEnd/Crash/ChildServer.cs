using System.Collections.Concurrent;
using System.Diagnostics;
using Delivery.EndToEnd.Running;

namespace Delivery.EndToEnd.Crash;

/// <summary>The server as a process of its own, on the data folder of a stopped <see cref="RunningServer"/>, so that it can be killed.</summary>
internal sealed class ChildServer : IDisposable
{
    private const string Listening = "Now listening on: ";

    // Far beyond what a start takes: only a server that never starts comes this far.
    private static readonly TimeSpan StartTimeMax = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly RunningServer _server;
    private readonly ConcurrentQueue<string> _said = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildServer(RunningServer server)
    {
        _server = server;
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Delivery.Server.dll"));
        // A life lasts a second or two: too short for what profiling the code would bring.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (key, value) in server.SettingsToStart().Where(setting => !setting.Key.StartsWith("Logging:", StringComparison.Ordinal)))
        {
            start.ArgumentList.Add($"--{key}={value}");
        }

        start.ArgumentList.Add("--Logging:LogLevel:Default=Warning");
        start.ArgumentList.Add("--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information");
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException($"The server ended: {string.Join('\n', _said)}"));
    }

    /// <summary>Starts the process and waits until it listens; <paramref name="server"/> then leads to it.</summary>
    public static async Task<ChildServer> StartAsync(RunningServer server)
    {
        var child = new ChildServer(server);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        server.ChildAddress = await child._address.Task.WaitAsync(StartTimeMax);
        return child;
    }

    /// <summary>The lines it wrote so far.</summary>
    public IReadOnlyCollection<string> Said => [.. _said];

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public void Kill() => _process.Kill();

    /// <summary>The exit code of a server that ends by itself.</summary>
    public async Task<int> EndsAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(StartTimeMax);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _server.ChildAddress = null;
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }

        _said.Enqueue(line);
        var at = line.IndexOf(Listening, StringComparison.Ordinal);
        if (at >= 0)
        {
            _address.TrySetResult(new Uri(line[(at + Listening.Length)..].Split('"')[0].Trim()));
        }
    }
}
