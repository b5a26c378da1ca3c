namespace Delivery.Tests.Simulation;

/// <summary>Data folders of simulated servers, in memory where the machine has such a place: a life writes hundreds of commits.</summary>
internal static class DataFolder
{
    private const string Memory = "/dev/shm";

    private static readonly string[] Database = ["delivery.db", "delivery.db-wal"];

    public static string Make() => Directory.Exists(Memory)
        ? Directory.CreateDirectory(Path.Combine(Memory, "delivery-" + Path.GetRandomFileName())).FullName
        : Directory.CreateTempSubdirectory("delivery-simulation-").FullName;

    /// <summary>Copies what a dead process leaves: the database with its write-ahead log, and the pin.</summary>
    public static void Copy(string from, string to)
    {
        CopyDatabase(from, to);
        CopyFile(from, to, "log.pin");
    }

    /// <summary>Replaces the database only, as an operator does who restores a backup.</summary>
    public static void CopyDatabase(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var name in Database)
        {
            CopyFile(from, to, name);
        }
    }

    private static void CopyFile(string from, string to, string name)
    {
        var target = Path.Combine(to, name);
        File.Delete(target);
        if (File.Exists(Path.Combine(from, name)))
        {
            File.Copy(Path.Combine(from, name), target);
        }
    }
}
