using System.Diagnostics;
using System.Threading.Channels;
using Delivery.Server.Telemetry;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Storage;

/// <summary>
/// The only way to change the database. Changes queue up; one thread runs them on the one writing connection, up to 32 in a transaction,
/// so that a commit's fsync is shared, and a change that fails takes nobody with it: it goes back to a savepoint, or, where each savepoint is a question
/// to another process, the others run again with savepoints. When the connection is lost a new one is
/// opened, what became of the last commit is looked up, and what did not commit is run again. Threads may share it.
/// </summary>
internal sealed class StoreWriter : IAsyncDisposable
{
    // One commit serves so many changes at the most: beyond it, waiting for the last costs more than the shared fsync saves.
    private const int ChangesPerCommitMax = 32;

    // Callers beyond this wait: a queue without limit would hide a disk that cannot keep up.
    private const int QueueLengthMax = 256;

    // A transaction that another one ended is run again so often.
    private const int ConflictsMax = 5;

    // What a change that fails goes back to.
    private const string Mark = "change";

    private static readonly TimeSpan TendInterval = TimeSpan.FromSeconds(1);

    private readonly Channel<StoreChange?> _queue = Channel.CreateBounded<StoreChange?>(new BoundedChannelOptions(QueueLengthMax) { SingleReader = true });
    private readonly Store _store;
    private readonly StoreCondition _condition;
    private readonly SessionKeeper _keeper;
    private readonly Task _loop;
    private long _lastTended = Stopwatch.GetTimestamp();
    private long _commits;

    public StoreWriter(Store store, StoreCondition condition, IOptions<DatabaseOptions> options)
    {
        (_store, _condition) = (store, condition);
        _keeper = new SessionKeeper(store, condition, options.Value.RecoveryTimeout);
        _loop = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    /// <summary>Raised when the database that came back is not the one that was lost; nothing is written or read from then on.</summary>
    public event Action<InvalidDataException> Rejected
    {
        add => _keeper.Rejected += value;
        remove => _keeper.Rejected -= value;
    }

    /// <summary>Whether the work that the clock drives falls to this server. A change that does such work asks its scope again.</summary>
    public bool Leads => _keeper.Session is { Leads: true };

    /// <summary>Whether other servers may use the database too.</summary>
    public bool HasCompany => _keeper.Session is { HasCompany: true };

    /// <summary>What looks at the database each time it comes back, before it is used.</summary>
    public void GuardWith(Action<System.Data.Common.DbConnection> guard) => _keeper.Guard = guard;

    /// <summary>
    /// Runs a change and returns when it is committed and on disk. <paramref name="cancellation"/> counts only while the change waits
    /// for its place in the queue; a commit is never cancelled. The change may run more than once and must touch nothing but its scope.
    /// </summary>
    /// <exception cref="StoreFullException">The database could not grow; nothing was changed.</exception>
    /// <exception cref="StoreUnavailableException">The database is out of reach. If it was lost during the commit, the change may have been made: ask by its key.</exception>
    public async Task<T> WriteAsync<T>(Func<WriteScope, T> change, CancellationToken cancellation)
    {
        var entry = new StoreChange<T>(change);
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
            _keeper.Dispose();
        }
    }

    private async Task RunAsync()
    {
        var group = new List<StoreChange>(ChangesPerCommitMax);
        // Without changes the connection is looked after all the same: an empty entry wakes the loop.
        using var tending = new Timer(_ => _queue.Writer.TryWrite(null), null, TendInterval, TendInterval);
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (group.Count < ChangesPerCommitMax && _queue.Reader.TryRead(out var change))
            {
                if (change is not null)
                {
                    group.Add(change);
                }
            }

            if (group.Count > 0)
            {
                RunGroup(group);
                group.Clear();
            }

            if (Stopwatch.GetElapsedTime(_lastTended) >= TendInterval)
            {
                _lastTended = Stopwatch.GetTimestamp();
                _keeper.Tend();
            }
        }
    }

    private void RunGroup(List<StoreChange> group)
    {
        _condition.Begun();
        try
        {
            RunToItsEnd(group);
        }
        finally
        {
            _condition.Ended();
        }
    }

    private void RunToItsEnd(List<StoreChange> group)
    {
        var started = Stopwatch.GetTimestamp();
        var then = new List<Action>();
        long? inDoubt = null;
        var isCareful = group.Count == 1;
        for (var (conflicts, replica) = (0, _keeper.Session?.ReplicaId); ;)
        {
            if (_keeper.Refusal is { Code: StoreUnavailableException.ClockSkew } || !_keeper.Reopen(started) || (inDoubt is not null && _keeper.Session!.ReplicaId != replica))
            {
                Refuse(group, _keeper.Refusal ?? new StoreUnavailableException(StoreUnavailableException.Unreachable));
                return;
            }

            try
            {
                if (inDoubt is not { } number || !_keeper.Session!.HasCommitted(number))
                {
                    inDoubt = null;
                    replica = _keeper.Session!.ReplicaId;
                    then.Clear();
                    isCareful |= _keeper.Session.MarksEachChange;
                    if (!TryRunTransaction(group, then, isCareful, ref inDoubt))
                    {
                        isCareful = true;
                        continue;
                    }
                }

                then.ForEach(action => action());
                Answer(group);
                return;
            }
            catch (Exception exception) when (_store.Judge(exception) is StoreFault.Lost)
            {
                _keeper.Close(exception);
                if (_keeper.IsOverdue(started))
                {
                    // It comes back each time and is lost each time; what became of it is not known to the callers.
                    Refuse(group, _keeper.Refusal!);
                    return;
                }
            }
            catch (Exception exception) when (_store.Judge(exception) is StoreFault.Conflict && conflicts++ < ConflictsMax)
            {
                inDoubt = null;
            }
            catch (InvalidDataException unsafeCommit) when (inDoubt is not null)
            {
                _keeper.Reject(unsafeCommit);
                Refuse(group, _keeper.Refusal!);
                return;
            }
            catch (Exception exception) when (group.Count > 1)
            {
                // The whole transaction was rolled back. One change may be too large for the disk and another not, so each gets its own.
                _ = exception;
                group.ForEach(change => RunToItsEnd([change]));
                return;
            }
            catch (Exception exception)
            {
                var isFull = _store.Judge(exception) is StoreFault.Full;
                _condition.Failed(isFull ? "E_STORE_FULL" : StoreUnavailableException.Unreachable);
                Refuse(group, isFull ? new StoreFullException(exception) : exception);
                return;
            }
        }
    }

    // Nobody is answered before the commit: a group that is rolled back runs again. Without care a change that fails takes back those before it too;
    // then nothing is committed, and this is false.
    private bool TryRunTransaction(List<StoreChange> group, List<Action> then, bool isCareful, ref long? inDoubt)
    {
        var (number, isSound) = (++_commits, true);
        using var transaction = _keeper.Session!.Begin(number);
        var memory = new GroupMemory();
        foreach (var change in group)
        {
            if (isCareful)
            {
                transaction.Save(Mark);
            }

            using var scope = _keeper.Session.Scope(_store, transaction, memory);
            try
            {
                change.Run(scope);
                if (isCareful)
                {
                    transaction.Release(Mark);
                }

                then.AddRange(scope.AfterCommit);
            }
            catch (Exception exception) when (_store.Judge(exception) is StoreFault.None or StoreFault.Unwritable)
            {
                if (!isCareful)
                {
                    return false;
                }

                transaction.Rollback(Mark);
                memory.Forget();
                change.Failed(exception);
                isSound &= _store.Judge(exception) is StoreFault.None;
            }
        }

        inDoubt = number;
        using (ServerTraces.StartCommit(group.Select(change => change.Caller)))
        {
            var began = Stopwatch.GetTimestamp();
            _keeper.Session.Commit(transaction);
            ServerMetrics.CommitDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
            ServerMetrics.Changes.Add(group.Count);
        }

        if (isSound)
        {
            _condition.Committed();
        }
        else
        {
            _condition.Failed(StoreUnavailableException.Unreachable);
        }

        return true;
    }

    private static void Answer(List<StoreChange> group) => group.ForEach(change => change.Answer());

    private static void Refuse(List<StoreChange> group, Exception reason)
    {
        group.ForEach(change => change.Failed(reason));
        Answer(group);
    }
}
