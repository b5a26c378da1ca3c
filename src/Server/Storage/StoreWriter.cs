using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Delivery.Server.Storage;

/// <summary>
/// The only way to change the database. Changes queue up; one thread runs them on the one writing connection, up to 32 in a transaction,
/// each in a savepoint, so that a change that fails takes nobody with it and a commit's fsync is shared. One connection, because the
/// bundled SQLite must never see two connections write or checkpoint at once. Threads may share it.
/// </summary>
internal sealed class StoreWriter : IAsyncDisposable
{
    // One commit serves so many changes at the most: beyond it, waiting for the last costs more than the shared fsync saves.
    private const int ChangesPerCommitMax = 32;

    // Callers beyond this wait: a queue without limit would hide a disk that cannot keep up.
    private const int QueueLengthMax = 256;

    private readonly Channel<Change> _queue = Channel.CreateBounded<Change>(new BoundedChannelOptions(QueueLengthMax) { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly StoreCondition _condition;
    private readonly Task _loop;

    public StoreWriter(Store store, StoreCondition condition)
    {
        _condition = condition;
        _connection = store.OpenWriter();
        _loop = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    /// <summary>
    /// Runs a change and returns when it is committed and on disk. <paramref name="cancellation"/> counts only while the change waits
    /// for its place in the queue; a commit is never cancelled. The change may run more than once and must touch nothing but its scope.
    /// </summary>
    /// <exception cref="StoreFullException">The database could not grow; nothing was changed.</exception>
    public async Task<T> WriteAsync<T>(Func<WriteScope, T> change, CancellationToken cancellation)
    {
        var entry = new Change<T>(change);
        await _queue.Writer.WriteAsync(entry, cancellation);
        return await entry.Outcome;
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Action<WriteScope> change, CancellationToken cancellation) =>
        WriteAsync(
            scope =>
            {
                change(scope);
                return true;
            },
            cancellation);

    public async ValueTask DisposeAsync()
    {
        if (_queue.Writer.TryComplete())
        {
            await _loop;
            await FoldJournalAsync();
            await _connection.DisposeAsync();
        }
    }

    // After a clean stop the database file is whole by itself: a copy of it is a backup, and a journal left beside an older file cannot mend it into a mixture.
    private async Task FoldJournalAsync()
    {
        SqliteConnection.ClearAllPools();
        using var command = _connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        await command.ExecuteNonQueryAsync();
    }

    private async Task RunAsync()
    {
        var group = new List<Change>(ChangesPerCommitMax);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (group.Count < ChangesPerCommitMax && _queue.Reader.TryRead(out var change))
            {
                group.Add(change);
            }

            RunGroup(group);
            group.Clear();
        }
    }

    private void RunGroup(List<Change> group)
    {
        try
        {
            RunTransaction(group);
        }
        catch (Exception exception) when (group.Count > 1)
        {
            // SQLite rolled the whole transaction back. One change may be too large for the disk and another not, so each gets its own.
            _ = exception;
            foreach (var change in group)
            {
                RunGroup([change]);
            }
        }
        catch (Exception exception)
        {
            _condition.Failed(IsFull(exception));
            group[0].Failed(IsFull(exception) ? new StoreFullException(exception) : exception);
            group[0].Answer();
        }
    }

    private void RunTransaction(List<Change> group)
    {
        var isSound = true;
        using var transaction = _connection.BeginTransaction(deferred: false);
        foreach (var change in group)
        {
            transaction.Save("change");
            using var scope = new WriteScope(_connection, transaction);
            try
            {
                change.Run(scope);
                transaction.Release("change");
            }
            catch (Exception exception) when (!EndsTransaction(exception))
            {
                transaction.Rollback("change");
                change.Failed(exception);
                isSound &= !IsStoreFault(exception);
            }
        }

        // Nobody is answered before the commit: a group that is rolled back runs again, change by change.
        transaction.Commit();
        if (isSound)
        {
            _condition.Committed();
        }
        else
        {
            _condition.Failed(isFull: false);
        }

        foreach (var change in group)
        {
            change.Answer();
        }
    }

    private static bool EndsTransaction(Exception exception) =>
        Unwrap(exception) is { SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_IOERR or SQLitePCL.raw.SQLITE_NOMEM or SQLitePCL.raw.SQLITE_CORRUPT };

    // A fault that lies neither with the change nor with what the database already holds.
    private static bool IsStoreFault(Exception exception) =>
        Unwrap(exception) is { SqliteErrorCode: SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_NOTADB };

    private static bool IsFull(Exception exception) => Unwrap(exception) is { SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL };

    private static SqliteException? Unwrap(Exception? exception) => exception switch
    {
        null => null,
        SqliteException sqlite => sqlite,
        _ => Unwrap(exception.InnerException),
    };

    private abstract class Change
    {
        public abstract void Run(WriteScope scope);

        public abstract void Failed(Exception exception);

        public abstract void Answer();
    }

    private sealed class Change<T>(Func<WriteScope, T> run) : Change
    {
        private readonly TaskCompletionSource<T> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Exception? _failure;
        private T _result = default!;

        public Task<T> Outcome => _outcome.Task;

        public override void Run(WriteScope scope)
        {
            _failure = null;
            _result = run(scope);
        }

        public override void Failed(Exception exception) => _failure = exception;

        public override void Answer()
        {
            if (_failure is null)
            {
                _outcome.TrySetResult(_result);
            }
            else
            {
                _outcome.TrySetException(_failure);
            }
        }
    }
}
