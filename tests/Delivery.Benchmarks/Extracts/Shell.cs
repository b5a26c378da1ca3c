using System.Diagnostics;

namespace Delivery.Benchmarks.Extracts;

/// <summary>Runs what an operator would type, in bash, and times it. A part of a pipe that fails fails it.</summary>
internal static class Shell
{
    /// <summary>Seconds a command line took.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<double> RunAsync(string command)
    {
        var start = new ProcessStartInfo("/bin/bash") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("set -o pipefail; " + command);
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var seconds = watch.Elapsed.TotalSeconds;
        return process.ExitCode == 0 ? seconds : throw new InvalidOperationException($"{command.Split(' ')[0]} ended with {process.ExitCode}: {string.Join(' ', await said).Trim()}");
    }

    /// <summary>The first of these programs there is, or null.</summary>
    public static string? Find(params IEnumerable<string> programs) => programs
        .SelectMany(program => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Select(folder => Path.Combine(folder, program)))
        .FirstOrDefault(File.Exists);
}
