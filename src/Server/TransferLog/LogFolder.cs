using Delivery.Protocol.Log;
using Delivery.Server.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Delivery.Server.TransferLog;

/// <summary>
/// The log of a server's data folder, read without the server and never written: the door for tools that check or copy a log at rest. It sees one
/// moment, also while a server runs on the folder. One thread.
/// </summary>
public sealed class LogFolder : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _snapshot;
    private readonly StorageOptions _storage;

    private LogFolder(StorageOptions storage, SqliteConnection connection, SqliteTransaction snapshot) =>
        (_storage, _connection, _snapshot) = (storage, connection, snapshot);

    /// <summary>Opens a folder.</summary>
    /// <exception cref="InvalidDataException">It holds no database of this service.</exception>
    public static LogFolder Open(string dataFolder)
    {
        var storage = new StorageOptions { DataFolder = dataFolder };
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = storage.DatabaseFile, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            connection.Open();
            var folder = new LogFolder(storage, connection, connection.BeginTransaction(deferred: true));
            return folder.Scalar("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('log_head', 'log_leaf', 'log_tile', 'log_checkpoint')") is 4L
                ? folder
                : throw new InvalidDataException($"{storage.DatabaseFile} is no database of this service.");
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            throw new InvalidDataException($"{storage.DatabaseFile} cannot be opened: {exception.SqliteErrorCode switch
            {
                SQLitePCL.raw.SQLITE_CANTOPEN => "there is no such file, or it may not be read",
                SQLitePCL.raw.SQLITE_NOTADB => "it is no database",
                _ => "SQLite answers " + exception.SqliteErrorCode,
            }}.", exception);
        }
        catch (InvalidDataException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The newest signed checkpoint with the cosignatures known for it; null when none was signed.</summary>
    public ReadOnlyMemory<byte>? Checkpoint()
    {
        foreach (var row in Rows("SELECT size, note FROM log_checkpoint ORDER BY size DESC LIMIT 1"))
        {
            var (size, note) = (row.GetInt64(0), SignedNote.Parse(row.GetFieldValue<byte[]>(1)));
            return Cosignatures(size).Aggregate(note, (signed, cosigned) => signed.With(SignedNote.Parse(cosigned.Note).Signatures[^1])).Encode();
        }

        return null;
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

    /// <summary>Rows of a query, each to be read before the next is asked for.</summary>
    internal IEnumerable<SqliteDataReader> Rows(string sql, params IReadOnlyList<object> parameters)
    {
        using var command = Command(sql, parameters);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return reader;
        }
    }

    internal object? Scalar(string sql, params IReadOnlyList<object> parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteScalar();
    }

    /// <summary>Cosignatures of one size, or of all; none in a database from before there were any.</summary>
    internal IEnumerable<(long Size, string Witness, byte[] Note)> Cosignatures(long? size = null) =>
        Scalar("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'log_cosignature'") is 0L
            ? []
            : Rows("SELECT size, witness, note FROM log_cosignature WHERE $1 < 0 OR size = $1 ORDER BY size, witness", size ?? -1)
                .Select(row => (row.GetInt64(0), row.GetString(1), row.GetFieldValue<byte[]>(2)));

    private SqliteCommand Command(string sql, IReadOnlyList<object> parameters)
    {
        var command = _connection.CreateCommand();
        command.Transaction = _snapshot;
        command.CommandText = sql;
        for (var index = 0; index < parameters.Count; index++)
        {
            command.Parameters.AddWithValue($"${index + 1}", parameters[index]);
        }

        return command;
    }
}
