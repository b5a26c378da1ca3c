using System.Diagnostics;

namespace Delivery.EndToEnd.Running.Postgres;

/// <summary>
/// A server that never outlives these tests, however they end: a shell starts it and waits for a word from here. The word ends the server in good
/// order. Without it, when the pipe breaks because nobody is left to say it, the shell ends the server at once and removes its folder. What
/// is sent to all processes of a terminal or of a time limit does not keep it from that. Should the shell
/// be killed too, the kernel ends the server (<see cref="PostgresInstallation.BoundCommand"/>).
/// </summary>
internal sealed class WatchedProcess : IAsyncDisposable
{
    private const string Watch = """
        trap '' HUP INT TERM
        folder=$1
        shift
        "$@" &
        exec > /dev/null 2>&1
        if read -r word; then
            kill -INT $!
            wait $!
        else
            kill -QUIT $!
            wait $!
            rm -rf "$folder"
        fi
        """;

    private readonly Process _shell;
    private readonly List<string> _said = [];
    private readonly List<(string Text, TaskCompletionSource<bool> Heard)> _awaited = [];

    // The end of its log: every process of the server writes to it, so all of them are gone.
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private bool _isOver;

    public WatchedProcess(string folder, IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo("sh", ["-c", Watch, "watch", folder, .. command])
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        _shell = new Process { StartInfo = start };
        _shell.ErrorDataReceived += (_, line) => Hear(line.Data);
        _shell.Start();
        _shell.BeginErrorReadLine();
    }

    /// <summary>What the server has written to its log.</summary>
    public IReadOnlyList<string> Said
    {
        get
        {
            lock (_said)
            {
                return [.. _said];
            }
        }
    }

    /// <summary>Waits until the server has said something; false when it has ended and never did.</summary>
    public Task<bool> SaysAsync(string text)
    {
        lock (_said)
        {
            if (_said.Exists(line => line.Contains(text, StringComparison.Ordinal)) || _ended.Task.IsCompleted)
            {
                return Task.FromResult(_said.Exists(line => line.Contains(text, StringComparison.Ordinal)));
            }

            var heard = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((text, heard));
            return heard.Task;
        }
    }

    /// <summary>Kills every process that works in the data folder, until none is left.</summary>
    public async Task KillAsync(string dataFolder)
    {
        while (!_ended.Task.IsCompleted)
        {
            foreach (var pid in In(dataFolder))
            {
                try
                {
                    using var process = Process.GetProcessById(pid);
                    process.Kill();
                }
                catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
                {
                    // Gone already.
                }
            }

            await Task.Yield();
        }
    }

    /// <summary>Breaks the pipe without a word, and waits until the shell has ended.</summary>
    public async Task AbandonAsync()
    {
        _isOver = true;
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isOver)
        {
            _isOver = true;
            await _shell.StandardInput.WriteLineAsync("stop");
            await _shell.StandardInput.FlushAsync();
            await _shell.WaitForExitAsync();
            _shell.Dispose();
        }
    }

    /// <summary>Processes whose working folder this is, as that of every process of a PostgreSQL server is its data folder.</summary>
    public static IReadOnlyList<int> In(string folder) =>
        [.. Directory.GetDirectories("/proc").Where(process => WorksIn(process, folder)).Select(process => int.TryParse(Path.GetFileName(process), out var pid) ? pid : 0)];

    private static bool WorksIn(string process, string folder)
    {
        try
        {
            return char.IsAsciiDigit(Path.GetFileName(process)[0]) && new FileInfo(Path.Combine(process, "cwd")).LinkTarget == folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone, or somebody else's.
            return false;
        }
    }

    private void Hear(string? line)
    {
        lock (_said)
        {
            if (line is null)
            {
                _ended.TrySetResult();
                _awaited.ForEach(one => one.Heard.TrySetResult(false));
                return;
            }

            _said.Add(line);
            _awaited.FindAll(one => line.Contains(one.Text, StringComparison.Ordinal)).ForEach(one => one.Heard.TrySetResult(true));
        }
    }
}
