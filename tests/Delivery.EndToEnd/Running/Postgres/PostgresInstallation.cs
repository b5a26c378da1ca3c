using System.Diagnostics;

namespace Delivery.EndToEnd.Running.Postgres;

/// <summary>
/// The programs of PostgreSQL on this machine. They are run by the user <c>postgres</c> where the tests run as root, which PostgreSQL refuses to be
/// run by, and by the user of the tests elsewhere.
/// </summary>
internal static class PostgresInstallation
{
    private const string User = "postgres";

    // Debian's place; the newest version counts.
    private static readonly string? Programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
            .Where(folder => new[] { "postgres", "initdb", "pg_basebackup" }.All(program => File.Exists(Path.Combine(folder, program))))
            .MaxBy(folder => int.TryParse(Path.GetFileName(Path.GetDirectoryName(folder)), out var version) ? version : 0)
        : null;

    private static readonly string[] AsUser = Environment.IsPrivilegedProcess ? ["--reuid", User, "--regid", User, "--clear-groups"] : [];

    /// <summary>Why no server can be started here; null where one can.</summary>
    public static string? WhyAbsent { get; } =
        Programs is null ? "PostgreSQL is not installed under /usr/lib/postgresql."
        : Environment.IsPrivilegedProcess && !File.ReadLines("/etc/passwd").Any(line => line.StartsWith(User + ":", StringComparison.Ordinal)) ? "This machine has no user postgres."
        : null;

    /// <summary>The words that run one of the programs.</summary>
    public static IReadOnlyList<string> Command(string program, params ReadOnlySpan<string> arguments) =>
        ["setpriv", "--pdeathsig", "clear", .. AsUser, Path.Combine(Programs!, program), .. arguments];

    /// <summary>
    /// The words by which a process of one thread runs a program that shall end at once when that process does. Linux means the end of the thread, so
    /// it is not for these tests themselves.
    /// </summary>
    public static IReadOnlyList<string> BoundCommand(string program, params ReadOnlySpan<string> arguments) =>
        ["setpriv", "--pdeathsig", "QUIT", .. AsUser, Path.Combine(Programs!, program), .. arguments];

    /// <summary>A new folder that the programs may use.</summary>
    public static async Task<string> MakeFolderAsync()
    {
        var folder = Directory.CreateTempSubdirectory("delivery-postgres-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync(["chown", User, folder], folder);
        }

        return folder;
    }

    /// <summary>Runs something to its end, inside a folder.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message is what it said.</exception>
    public static async Task RunAsync(IReadOnlyList<string> command, string folder)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        var (said, told) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command[^1]} ended with {process.ExitCode}: {await said}{await told}");
        }

        await Task.WhenAll(said, told);
    }
}
