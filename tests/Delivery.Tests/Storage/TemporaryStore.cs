using Delivery.Server.Storage;
using Delivery.Server.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Delivery.Tests.Storage;

/// <summary>A database of its own in a folder of its own, gone when disposed.</summary>
internal sealed class TemporaryStore : IDisposable, IAsyncDisposable
{
    public TemporaryStore(long databaseSizeBytesMax = 0)
    {
        Folder = Directory.CreateTempSubdirectory("delivery-store-").FullName;
        Settings = new StorageOptions { DataFolder = Folder, KeyEncryptionKeyFile = Path.Combine(Folder, "kek.bin"), DatabaseSizeBytesMax = databaseSizeBytesMax };
        Store = new SqliteStore(Options.Create(Settings));
        Keys = new PartitionKeys(Options.Create(Settings), Store);
        Writer = new StoreWriter(Store, Condition, Options.Create(new DatabaseOptions()));
    }

    public string Folder { get; }

    public StorageOptions Settings { get; }

    public PartitionKeys Keys { get; }

    public StoreCondition Condition { get; } = new(TimeProvider.System);

    public Store Store { get; private set; }

    public StoreWriter Writer { get; private set; }

    /// <summary>Stops the server's part and starts it again on the same folder, perhaps with another database file put there meanwhile.</summary>
    public async Task RestartAsync(Action? between = null)
    {
        await StopAsync();
        between?.Invoke();
        Store = new SqliteStore(Options.Create(Settings));
        Writer = new StoreWriter(Store, Condition, Options.Create(new DatabaseOptions()));
    }

    /// <summary>One value from a reader of its own.</summary>
    public T Scalar<T>(string sql)
    {
        using var connection = Store.OpenReader();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (T)command.ExecuteScalar()!;
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Keys.Dispose();
        LeafScan.Require(Folder);
        Directory.Delete(Folder, recursive: true);
    }

    private async Task StopAsync()
    {
        // Readers first: the last connection to close is the one that may fold the write-ahead log into the file.
        SqliteConnection.ClearAllPools();
        await Writer.DisposeAsync();
        Store.Dispose();
    }
}
