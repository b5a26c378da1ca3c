namespace Delivery.Tests.Arrow;

/// <summary>
/// A fact that needs Node.js and the packages of <c>tests/interop/arrow</c>. Where they are not installed it is reported as
/// skipped; <c>.ci/interop</c> installs them.
/// </summary>
public sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "apache-arrow")) || !IsOnPath("node"))
        {
            Skip = "Node.js or the packages of tests/interop/arrow are not installed; run .ci/interop.";
        }
    }

    /// <summary>The folder of the script, found from where the tests run.</summary>
    public static string Folder { get; } = Path.Combine(Root(), "tests", "interop", "arrow");

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Delivery.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? AppContext.BaseDirectory;
    }

    private static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe")));
}
