namespace Delivery.Tool.Demonstration;

/// <summary>
/// Where a demonstration keeps its files: a folder the user named, which stays, or a temporary one, which goes with everything in
/// it, keys and data included.
/// </summary>
internal sealed class DemoFolder : IDisposable
{
    private const string Marker = "delivery-demo.txt";

    private DemoFolder(string root, bool isKept) => (Root, IsKept) = (root, isKept);

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>True when its files outlive the demonstration.</summary>
    public bool IsKept { get; }

    public string Certs => PathOf("certs");

    public string Data => PathOf("data");

    public string SourceFile => PathOf("source.csv");

    public string ApprovalFile => PathOf("approval.json");

    public string OutputFile => PathOf("results.arrow");

    public string RecipientKeyFile => PathOf("recipient.key");

    /// <summary>Name of the files of the deletion's proof, without what tells them apart.</summary>
    public string DeletionProof => PathOf("deletion");

    /// <summary>Opens the folder; null for a temporary one.</summary>
    /// <exception cref="IOException">The folder holds something that is not an earlier demonstration's.</exception>
    public static DemoFolder Open(string? directory)
    {
        if (directory is null)
        {
            return new DemoFolder(Directory.CreateTempSubdirectory("delivery-demo-").FullName, isKept: false);
        }

        var folder = new DemoFolder(Path.GetFullPath(directory), isKept: true);
        Directory.CreateDirectory(folder.Root);
        if (Directory.EnumerateFileSystemEntries(folder.Root).Any() && !File.Exists(folder.PathOf(Marker)))
        {
            throw new IOException($"{folder.Root} is not empty and holds no earlier demonstration. Name a new folder.");
        }

        folder.Clear();
        File.WriteAllText(folder.PathOf(Marker), "Made by 'delivery demo' with synthetic data. The next demonstration in this folder replaces what is here.\n");
        return folder;
    }

    /// <summary>The source file is the largest; a temporary folder need not hold it longer than the import.</summary>
    public void DropSource()
    {
        if (!IsKept)
        {
            File.Delete(SourceFile);
        }
    }

    public void Dispose()
    {
        if (!IsKept)
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    private string PathOf(string name) => Path.Combine(Root, name);

    // Only what a demonstration makes itself; anything else in the folder is the user's.
    private void Clear()
    {
        foreach (var directory in new[] { Certs, Data }.Where(Directory.Exists))
        {
            Directory.Delete(directory, recursive: true);
        }

        string[] files =
        [
            SourceFile, ApprovalFile, OutputFile, Path.ChangeExtension(OutputFile, ".nt.arrow"), Path.ChangeExtension(OutputFile, ".fno.arrow"),
            RecipientKeyFile, $"{DeletionProof}.leaf.json", $"{DeletionProof}.tlog-proof",
        ];
        foreach (var file in files)
        {
            File.Delete(file);
        }
    }
}
