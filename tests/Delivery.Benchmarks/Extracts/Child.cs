using System.Diagnostics;
using System.Text.Json;

namespace Delivery.Benchmarks.Extracts;

/// <summary>
/// This program in another role, in a process of its own: it is asked by a line on its standard input and answers with one line of JSON.
/// Disposing it ends it.
/// </summary>
internal sealed class Child : IAsyncDisposable
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private Child(Process process) => _process = process;

    /// <summary>Starts the role and waits for its first line.</summary>
    public static async Task<(Child Child, string Greeting)> StartAsync(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var child = new Child(Process.Start(start)!);
        return (child, await child.LineAsync());
    }

    /// <summary>Asks and reads the answer.</summary>
    public async Task<T> AskAsync<T>(params IEnumerable<string> words)
    {
        await _process.StandardInput.WriteLineAsync(string.Join('\t', words));
        return JsonSerializer.Deserialize<T>(await LineAsync())!;
    }

    /// <summary>What it has used so far.</summary>
    public Task<ProcessFigures> FiguresAsync() => AskAsync<ProcessFigures>("figures");

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(EndPatience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>The other side: greets, then answers every line until there are no more.</summary>
    public static async Task ServeAsync(string greeting, Func<string[], Task<object>> answer)
    {
        await Console.Out.WriteLineAsync(greeting);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var words = line.Split('\t');
            var said = words[0] == "figures" ? ProcessFigures.Current() : await answer(words);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(said, said.GetType()));
        }
    }

    private async Task<string> LineAsync() =>
        await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("A process of the benchmark ended early; its reason stands above.");
}
