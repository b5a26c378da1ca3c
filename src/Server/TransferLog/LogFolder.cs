using System.Data;
using System.Data.Common;
using Delivery.Protocol.Log;
using Delivery.Server.Storage;
using Delivery.Server.Storage.Postgres;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Delivery.Server.TransferLog;

/// <summary>
/// The log of a server's data folder or of a PostgreSQL database, read without the server and never written: the door for tools that check or copy a
/// log at rest. It sees one moment, also while servers run on it. One thread.
/// </summary>
public sealed class LogFolder : IDisposable
{
    private static readonly string[] LogTableNames = ["log_head", "log_leaf", "log_tile", "log_checkpoint"];

    private readonly DbConnection _connection;
    private readonly DbTransaction _snapshot;
    private readonly StorageOptions _storage;
    private string? _moment;

    private LogFolder(StorageOptions storage, DbConnection connection)
    {
        (_storage, _connection) = (storage, connection);
        connection.Open();
        _snapshot = connection is SqliteConnection file ? file.BeginTransaction(deferred: true) : connection.BeginTransaction(IsolationLevel.RepeatableRead);
    }

    /// <summary>Opens a folder.</summary>
    /// <exception cref="InvalidDataException">It holds no database of this service.</exception>
    public static LogFolder Open(string dataFolder)
    {
        var storage = new StorageOptions { DataFolder = dataFolder };
        var file = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = storage.DatabaseFile, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        return Open(storage, file, storage.DatabaseFile);
    }

    /// <summary>Opens a PostgreSQL database, on whichever of its hosts answers.</summary>
    /// <param name="connectionString">As the server's setting has it.</param>
    /// <param name="dataFolder">The data folder of one of its servers, for the pin that stands there.</param>
    /// <exception cref="InvalidDataException">It cannot be opened, or is no database of this service.</exception>
    public static LogFolder OpenPostgres(string connectionString, string dataFolder)
    {
        try
        {
            // A connection that may not write would never find the host that a server's setting asks for.
            var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, PersistSecurityInfo = true, Options = "-c default_transaction_read_only=on" };
            settings.TargetSessionAttributes = settings.Host?.Contains(',', StringComparison.Ordinal) == true ? "prefer-primary" : null;
            return Open(new StorageOptions { DataFolder = dataFolder }, new NpgsqlConnection(settings.ToString()), "the database");
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"The connection string cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Opens a folder, or with a connection string the database that its server uses.</summary>
    /// <exception cref="InvalidDataException">There is no log of this service.</exception>
    public static LogFolder OpenAny(string dataFolder, string? connectionString) =>
        string.IsNullOrEmpty(connectionString) ? Open(dataFolder) : OpenPostgres(connectionString, dataFolder);

    /// <summary>The newest signed checkpoint with the cosignatures known for it; null when none was signed.</summary>
    public ReadOnlyMemory<byte>? Checkpoint()
    {
        var newest = Rows("SELECT size, note FROM log_checkpoint ORDER BY size DESC LIMIT 1").Select(row => (Size: row.GetInt64(0), Note: row.GetFieldValue<byte[]>(1))).ToList();
        if (newest.Count == 0)
        {
            return null;
        }

        var note = SignedNote.Parse(newest[0].Note);
        return Cosignatures(newest[0].Size).Aggregate(note, (signed, cosigned) => signed.With(SignedNote.Parse(cosigned.Note).Signatures[^1])).Encode();
    }

    /// <summary>The exact bytes of the leaves, in order from the first.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Leaves() =>
        Rows("SELECT body FROM log_leaf ORDER BY idx").Select(row => (ReadOnlyMemory<byte>)row.GetFieldValue<byte[]>(0));

    /// <summary>
    /// Recomputes everything the log says about itself: hashes, tiles, head, checkpoints, pin, the form and order of leaves, and that each call has
    /// one end and ranges that cover it.
    /// </summary>
    /// <param name="policyText">Whose signatures to believe; null leaves signatures unchecked.</param>
    /// <exception cref="InvalidDataException">The policy is not in its format.</exception>
    /// <exception cref="DbException">The database could not be read to its end, for a reason that says nothing of the log.</exception>
    public LogCheckReport Check(string? policyText)
    {
        try
        {
            return new LogCheck(this, new PinFile(Options.Create(_storage)), policyText is null ? null : LogPolicy.Parse(policyText)).Run();
        }
        catch (LogFormatException exception)
        {
            throw new InvalidDataException($"The policy cannot be read. {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _snapshot.Dispose();
        _connection.Dispose();
    }

    /// <summary>Whether the database finds its own pages sound. PostgreSQL does so whenever it reads one, where checksums are on.</summary>
    internal bool IsSound() =>
        _connection is not SqliteConnection || LogTableNames.All(table => Scalar($"PRAGMA integrity_check('{table}')") is "ok");

    /// <summary>Whether a question failed because what is kept is damaged. A server that went away, or does not let its log be read, says nothing of the log.</summary>
    internal static bool IsDamage(DbException fault) => fault is not NpgsqlException || (fault is PostgresException answer && PostgresStore.Judge(answer.SqlState) is StoreFault.Damaged);

    /// <summary>Rows of a query, each to be read before the next is asked for.</summary>
    internal IEnumerable<DbDataReader> Rows(string sql, params IReadOnlyList<object> parameters)
    {
        using var lent = Lend();
        using var command = lent.Connection.Command(lent.Transaction, sql, [.. parameters]);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return reader;
        }
    }

    internal object? Scalar(string sql, params IReadOnlyList<object> parameters) => Rows(sql, parameters).Select(row => row.GetValue(0)).FirstOrDefault();

    /// <summary>Cosignatures of one size, or of all; none in a database from before there were any.</summary>
    internal IEnumerable<(long Size, string Witness, byte[] Note)> Cosignatures(long? size = null) =>
        !Has("log_cosignature")
            ? []
            : Rows("SELECT size, witness, note FROM log_cosignature WHERE $1 < 0 OR size = $1 ORDER BY size, witness", size ?? -1L)
                .Select(row => (row.GetInt64(0), row.GetString(1), row.GetFieldValue<byte[]>(2)));

    private static LogFolder Open(StorageOptions storage, DbConnection connection, string name)
    {
        try
        {
            var folder = new LogFolder(storage, connection);
            return LogTableNames.All(folder.Has) ? folder : throw new InvalidDataException($"{name} is no database of this service.");
        }
        catch (DbException exception)
        {
            connection.Dispose();
            throw new InvalidDataException($"{name} cannot be opened: {exception switch
            {
                SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_CANTOPEN } => "there is no such file, or it may not be read",
                SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_NOTADB } => "it is no database",
                SqliteException file => $"SQLite answers {file.SqliteErrorCode}",
                _ => exception.Message.TrimEnd('.'),
            }}.", exception);
        }
        catch (InvalidDataException)
        {
            connection.Dispose();
            throw;
        }
    }

    private bool Has(string table) => _connection is SqliteConnection
        ? Scalar("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = $1", table) is 1L
        : Scalar("SELECT to_regclass($1)::text", table) is string;

    // SQLite reads several rows at once on one connection; PostgreSQL wants one for each, and lets them see the same moment.
    private Lent Lend()
    {
        if (_connection is SqliteConnection)
        {
            return new Lent(_connection, _snapshot, isOwn: false);
        }

        _moment ??= Moment();
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_connection.ConnectionString) { Pooling = true }.ToString());
        connection.Open();
        var transaction = connection.BeginTransaction(IsolationLevel.RepeatableRead);
        using var same = connection.Command(transaction, $"SET TRANSACTION SNAPSHOT '{_moment}'");
        same.ExecuteNonQuery();
        return new Lent(connection, transaction, isOwn: true);
    }

    private string Moment()
    {
        using var command = _connection.Command(_snapshot, "SELECT pg_export_snapshot()");
        return (string)command.ExecuteScalar()!;
    }

    private sealed class Lent(DbConnection connection, DbTransaction transaction, bool isOwn) : IDisposable
    {
        public DbConnection Connection => connection;

        public DbTransaction Transaction => transaction;

        public void Dispose()
        {
            if (isOwn)
            {
                transaction.Dispose();
                connection.Dispose();
            }
        }
    }
}
