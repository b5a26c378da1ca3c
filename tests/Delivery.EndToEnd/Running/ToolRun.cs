using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Delivery.Tool;

namespace Delivery.EndToEnd.Running;

/// <summary>What one run of the command line came to.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Data">What it wrote to stdout.</param>
/// <param name="Talk">What it wrote to stderr.</param>
internal sealed record ToolRun(int Code, string Data, string Talk)
{
    /// <summary>Stdout as the JSON document it must be.</summary>
    public JsonNode Json => JsonNode.Parse(Data)!;

    /// <summary>Runs a command against a server, with its development certificates.</summary>
    public static Task<ToolRun> AgainstAsync(RunningServer server, params string[] args) => ThroughAsync(server, server.Address.ToString(), args);

    /// <summary>Runs a command against a server that is reached at other addresses than its own.</summary>
    public static async Task<ToolRun> ThroughAsync(RunningServer server, string addresses, params string[] args)
    {
        var (data, talk) = (new StringWriter(), new StringWriter());
        var code = await DeliveryCommand.RunAsync(
            [.. args, "--server", addresses, "--certs", server.CertificateFolder],
            server.Clock,
            new InvocationConfiguration { Output = data, Error = talk });
        return new ToolRun(code, data.ToString(), talk.ToString());
    }

    /// <summary>Runs a command that must be done, and returns the JSON it answers with.</summary>
    public static async Task<JsonNode> DoneAsync(RunningServer server, params string[] args)
    {
        var run = await AgainstAsync(server, [.. args, "--json"]);
        Assert.True(run.Code == 0, run.Talk);
        return run.Json;
    }
}

/// <summary>A command that runs until it is stopped; its stdout can be read line by line meanwhile.</summary>
internal sealed class RunningTool : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly StringWriter _talk = new();
    private readonly Task<int> _run;

    public RunningTool(RunningServer server, params string[] args)
        : this(server, server.Address.ToString(), args)
    {
    }

    private RunningTool(RunningServer server, string addresses, string[] args)
    {
        string[] line = [.. args, "--server", addresses, "--certs", server.CertificateFolder];
        _run = Task.Run(async () =>
        {
            var output = new InvocationConfiguration { Output = TextWriter.Synchronized(new LineWriter(_lines.Writer)), Error = _talk };
            try
            {
                return await DeliveryCommand.RunAsync(line, server.Clock, output, _stop.Token);
            }
            finally
            {
                // Whoever still waits for a line learns that there will be none.
                _lines.Writer.Complete();
            }
        });
    }

    /// <summary>Starts a command against a server that is reached at other addresses than its own.</summary>
    public static RunningTool Through(RunningServer server, string addresses, params string[] args) => new(server, addresses, args);

    public string Talk => _talk.ToString();

    /// <summary>The next line of stdout.</summary>
    public async Task<string> ReadAsync() =>
        await _lines.Reader.WaitToReadAsync() && _lines.Reader.TryRead(out var line) ? line : throw new InvalidOperationException($"The command ended: {Talk}");

    /// <summary>Stops it as Ctrl+C does.</summary>
    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await _run;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private sealed class LineWriter(ChannelWriter<string> lines) : TextWriter
    {
        private readonly StringBuilder _line = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            if (value != '\n')
            {
                _line.Append(value);
                return;
            }

            lines.TryWrite(_line.ToString().TrimEnd('\r'));
            _line.Clear();
        }
    }
}
