using System.Xml.Linq;

namespace Delivery.Tests.House;

/// <summary>A text file of the repository: its path from the root, with slashes, and its lines.</summary>
internal sealed record RepositoryFile(string Path, string Text)
{
    public IReadOnlyList<string> Lines => Text.TrimEnd('\n').Split('\n');

    public override string ToString() => Path;
}

/// <summary>The repository the tests run in, for tests that hold it to its own rules.</summary>
internal static class Repository
{
    // Folders that .gitignore names, and git's own.
    private static readonly HashSet<string> NotKept =
        ["bin", "obj", "artifacts", "TestResults", "node_modules", "certs-dev", "data", "BenchmarkDotNet.Artifacts", ".git"];

    private static readonly HashSet<string> TextKinds =
        [".cs", ".csproj", ".props", ".targets", ".md", ".json", ".proto", ".csv", ".sql", ".txt", ".mjs", ".yaml", ".sln", ".editorconfig", ".gitignore", ""];

    public static string Root { get; } = FindRoot();

    /// <summary>Every text file, in order of path.</summary>
    public static IReadOnlyList<RepositoryFile> Files { get; } = [.. Under(new DirectoryInfo(Root)).OrderBy(file => file.Path, StringComparer.Ordinal)];

    public static IEnumerable<RepositoryFile> Code => Files.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal));

    public static IEnumerable<RepositoryFile> Pages => Files.Where(file => file.Path.EndsWith(".md", StringComparison.Ordinal));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static XDocument Xml(string path) => XDocument.Load(Path.Combine(Root, path));

    /// <summary>Holds a page to what is rendered; with DELIVERY_RENDER_DOCS=1 in the environment it is written afresh first.</summary>
    public static void AssertRendered(string path, string rendered)
    {
        if (Environment.GetEnvironmentVariable("DELIVERY_RENDER_DOCS") == "1")
        {
            File.WriteAllText(Path.Combine(Root, path), rendered);
        }

        Assert.Equal(rendered, Read(path));
    }

    private static IEnumerable<RepositoryFile> Under(DirectoryInfo folder) => folder.EnumerateFileSystemInfos()
        .Where(entry => !NotKept.Contains(entry.Name) && entry.LinkTarget is null)
        .SelectMany(entry => entry switch
        {
            DirectoryInfo inner => Under(inner),
            FileInfo file when TextKinds.Contains(file.Extension) => [new RepositoryFile(Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'), File.ReadAllText(file.FullName))],
            _ => Enumerable.Empty<RepositoryFile>(),
        });

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Delivery.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
