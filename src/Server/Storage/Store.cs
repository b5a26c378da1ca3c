using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Storage;

/// <summary>
/// The database file: opens it, brings its schema up to date and hands out readers. Every write goes through <see cref="StoreWriter"/>.
/// Threads may share it.
/// </summary>
internal sealed class Store : IDisposable
{
    // Bytes of the file that readers map. Reading a mapped blob runs several times faster than through the page cache; address space is free.
    private const long MappedBytes = 64L << 30;

    private readonly StorageOptions _options;
    private readonly string _readerConnectionString;
    private FileStream? _lock;

    public Store(IOptions<StorageOptions> options)
    {
        _options = options.Value;
        _readerConnectionString = new SqliteConnectionStringBuilder
        {
            DataSource = _options.DatabaseFile,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = true,
        }.ToString();
    }

    /// <summary>Opens the one connection that writes, creating and migrating the database first. The caller owns and disposes it.</summary>
    /// <exception cref="InvalidDataException">Another server uses the folder, or the file is cut short or no database.</exception>
    public SqliteConnection OpenWriter()
    {
        try
        {
            return OpenAndMigrate();
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB)
        {
            throw new InvalidDataException($"The database {_options.DatabaseFile} is damaged and cannot be read. Bring back the newest copy; nothing is served from this.", exception);
        }
    }

    private SqliteConnection OpenAndMigrate()
    {
        var isNew = !File.Exists(_options.DatabaseFile);
        Directory.CreateDirectory(_options.DataFolder);
        _lock = LockFolder();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _options.DatabaseFile,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
        }.ToString());
        connection.Open();
        // A page of 16 KiB halves the cost of storing blobs against the default, and keeps the small commits of the log small.
        if (isNew)
        {
            Execute(connection, "PRAGMA page_size = 16384");
        }

        Execute(connection, "PRAGMA journal_mode = WAL");
        // FULL makes every commit survive a power cut: a range must be on disk before its bytes leave.
        Execute(connection, "PRAGMA synchronous = FULL");
        Execute(connection, "PRAGMA foreign_keys = ON");
        Execute(connection, "PRAGMA wal_autocheckpoint = 2000");
        using (var db = DeliveryDb.Over(connection))
        {
            db.Database.Migrate();
        }

        if (_options.DatabaseSizeBytesMax > 0)
        {
            Execute(connection, $"PRAGMA max_page_count = {_options.DatabaseSizeBytesMax / 16_384}");
        }

        return connection;
    }

    /// <summary>A pooled read-only connection; the caller disposes it soon, and never holds it while writing to a socket.</summary>
    public SqliteConnection OpenReader()
    {
        var connection = new SqliteConnection(_readerConnectionString);
        connection.Open();
        Execute(connection, $"PRAGMA mmap_size = {MappedBytes}");
        return connection;
    }

    /// <summary>Runs one EF Core query on a read-only connection of its own.</summary>
    public T Read<T>(Func<DeliveryDb, T> query)
    {
        using var connection = OpenReader();
        using var db = DeliveryDb.Over(connection);
        return query(db);
    }

    public void Dispose() => _lock?.Dispose();

    // Two servers on one folder would be two writers, which the bundled SQLite must never meet. The lock goes with the process, however it ends.
    private FileStream LockFolder()
    {
        var file = Path.Combine(_options.DataFolder, "delivery.lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new InvalidDataException($"Another server uses the data folder {_options.DataFolder}. Stop it, or give this one a folder of its own.", exception);
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
