using System.Diagnostics;

namespace Delivery.Tests.Log;

/// <summary>A test that runs the independent verifier; skipped where Node.js is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class VerifierFactAttribute : FactAttribute
{
    public VerifierFactAttribute()
    {
        if (!NodeScript.IsInstalled)
        {
            Skip = "Node.js is not installed.";
        }
    }
}

/// <summary>Runs tests/interop/log/verify.mjs, which needs nothing but Node.js itself.</summary>
internal static class NodeScript
{
    public static bool IsInstalled => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, "node")) || File.Exists(Path.Combine(folder, "node.exe")));

    public static async Task<(int Code, string Output)> VerifyAsync(params string[] arguments)
    {
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "interop", "log", "verify.mjs"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var complaints = node.StandardError.ReadToEndAsync();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.Equal("", await complaints);
        return (node.ExitCode, output);
    }
}
