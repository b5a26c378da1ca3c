using System.Diagnostics;
using System.Text.Json.Nodes;
using Delivery.EndToEnd.Running;

namespace Delivery.EndToEnd.Crash;

/// <summary>A command of <c>delivery</c> as a process of its own, so that it can be killed.</summary>
internal sealed class ChildTool : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _data;
    private readonly Task<string> _talk;

    private ChildTool(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        // A life lasts a second or two: too short for what profiling the code would bring.
        start.Environment["DOTNET_TieredPGO"] = "0";
        _process = Process.Start(start)!;
        (_data, _talk) = (_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync());
    }

    /// <summary>Starts a pull from an address.</summary>
    public static ChildTool StartPull(RunningServer server, Uri address, string project, string output, params ReadOnlySpan<string> more) =>
        new(new ProcessStartInfo("dotnet", PullLine(server, address, project, output, more)));

    /// <summary>Starts a pull whose trace goes to a collector, as the standard variables ask for it.</summary>
    public static ChildTool StartTracedPull(RunningServer server, string collector, string project, string output)
    {
        var start = new ProcessStartInfo("dotnet", PullLine(server, server.Address, project, output, []));
        (start.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"], start.Environment["OTEL_EXPORTER_OTLP_PROTOCOL"]) = (collector, "http/protobuf");
        return new ChildTool(start);
    }

    /// <summary>Starts an import through an address.</summary>
    public static ChildTool StartImport(RunningServer server, Uri address, string file, string deliveryId) =>
        new(new ProcessStartInfo("dotnet", Line(server, address, "import", file, "--id", deliveryId)));

    /// <summary>Starts a pull that may write no file longer than a number of blocks of 512 bytes, as on a disk that is full.</summary>
    public static ChildTool StartPullOnFullDisk(RunningServer server, string project, string output, long blocks)
    {
        // The shell has the process told by an error, not killed by a signal; the run-time's own large mapping must stay a small file.
        var start = new ProcessStartInfo("sh", ["-c", "trap '' XFSZ; ulimit -f \"$0\"; exec dotnet \"$@\"", $"{blocks}", .. PullLine(server, server.Address, project, output, [])]);
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return new ChildTool(start);
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits for its end.</summary>
    public async Task<ToolRun> EndAsync()
    {
        await _process.WaitForExitAsync();
        return new ToolRun(_process.ExitCode, await _data, await _talk);
    }

    /// <summary>The one extract a finished pull brought.</summary>
    public static JsonNode Result(ToolRun run) => Assert.Single(run.Json.AsArray())!;

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private static string[] PullLine(RunningServer server, Uri address, string project, string output, ReadOnlySpan<string> more) =>
        Line(server, address, ["pull", project, "--out", output, .. more]);

    private static string[] Line(RunningServer server, Uri address, params ReadOnlySpan<string> command) =>
        [Path.Combine(AppContext.BaseDirectory, "delivery.dll"), .. command, "--json", "--address", address.ToString(), "--certs", server.CertificateFolder];
}
