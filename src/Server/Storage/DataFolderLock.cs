namespace Delivery.Server.Storage;

/// <summary>
/// A server's data folder as its own: two servers on one would be two writers, which the bundled SQLite must never meet, and would overwrite each
/// other's pin. It goes with the process, however it ends.
/// </summary>
internal sealed class DataFolderLock : IDisposable
{
    private readonly FileStream _file;

    /// <summary>Takes the folder, made if it is not there.</summary>
    /// <exception cref="InvalidDataException">Another server has it.</exception>
    public DataFolderLock(string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            _file = new FileStream(Path.Combine(folder, "delivery.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new InvalidDataException($"Another server uses the data folder {folder}. Stop it, or give this one a folder of its own.", exception);
        }
    }

    public void Dispose() => _file.Dispose();
}
