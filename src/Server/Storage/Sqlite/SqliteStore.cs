using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Storage.Sqlite;

/// <summary>The database as one file in the data folder, for one server process.</summary>
internal sealed class SqliteStore : Store
{
    // Bytes of the file that readers map. Reading a mapped blob runs several times faster than through the page cache; address space is free.
    private const long MappedBytes = 64L << 30;

    private readonly StorageOptions _options;
    private readonly string _readerConnectionString;
    private DataFolderLock? _lock;

    public SqliteStore(IOptions<StorageOptions> options)
    {
        _options = options.Value;
        _readerConnectionString = new SqliteConnectionStringBuilder
        {
            DataSource = _options.DatabaseFile,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = true,
        }.ToString();
    }

    public override WriteSession OpenSession(Action<DbConnection>? guard)
    {
        try
        {
            var connection = OpenAndMigrate();
            guard?.Invoke(connection);
            return new SqliteSession(connection);
        }
        catch (SqliteException exception) when (Judge(exception) is StoreFault.Damaged)
        {
            throw new InvalidDataException($"The database {_options.DatabaseFile} is damaged and cannot be read. Bring back the newest copy; nothing is served from this.", exception);
        }
    }

    public override DbConnection OpenReader() => OpenFile();

    public override DbTransaction BeginSnapshot(DbConnection reader) => ((SqliteConnection)reader).BeginTransaction(deferred: true);

    public override DeliveryDb Over(DbConnection connection) => new(DeliveryDb.Options().UseSqlite(connection).Options);

    public override ColumnSource OpenColumns() => new SqliteColumnSource(OpenFile());

    public override void InsertColumns(WriteScope scope, SegmentPlace segment, IReadOnlyList<(StoredColumn Column, byte[] Sealed)> columns)
    {
        foreach (var (column, bytes) in columns)
        {
            scope.Execute("INSERT INTO segment_column (segment_column_id, sealed) VALUES ($1, $2)", segment.BlobId(column), bytes);
        }
    }

    public override bool HoldsKeys() => File.Exists(_options.DatabaseFile);

    public override StoreFault Judge(Exception exception) => Unwrap(exception)?.SqliteErrorCode switch
    {
        SQLitePCL.raw.SQLITE_FULL => StoreFault.Full,
        SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB => StoreFault.Damaged,
        SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_BUSY => StoreFault.Unwritable,
        SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_NOMEM => StoreFault.Fatal,
        _ => StoreFault.None,
    };

    public override void ClearPools() => SqliteConnection.ClearAllPools();

    public override void Dispose() => _lock?.Dispose();

    private static SqliteException? Unwrap(Exception? exception) => exception switch
    {
        null => null,
        SqliteException sqlite => sqlite,
        _ => Unwrap(exception.InnerException),
    };

    private SqliteConnection OpenFile()
    {
        var connection = new SqliteConnection(_readerConnectionString);
        connection.Open();
        connection.Execute($"PRAGMA mmap_size = {MappedBytes}");
        return connection;
    }

    private SqliteConnection OpenAndMigrate()
    {
        var isNew = !File.Exists(_options.DatabaseFile);
        _lock ??= new DataFolderLock(_options.DataFolder);
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
            connection.Execute("PRAGMA page_size = 16384");
        }

        connection.Execute("PRAGMA journal_mode = WAL");
        // FULL makes every commit survive a power cut: a range must be on disk before its bytes leave.
        connection.Execute("PRAGMA synchronous = FULL");
        connection.Execute("PRAGMA foreign_keys = ON");
        connection.Execute("PRAGMA wal_autocheckpoint = 2000");
        Migrate(connection);
        if (_options.DatabaseSizeBytesMax > 0)
        {
            connection.Execute($"PRAGMA max_page_count = {_options.DatabaseSizeBytesMax / 16_384}");
        }

        return connection;
    }
}
