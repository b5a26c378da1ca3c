using System.Runtime.InteropServices;
using Delivery.Server.Storage;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Delivery.Tests.Simulation;

/// <summary>
/// Stands at both sides of every commit of one writer, on SQLite's own hooks, so that the real writer runs unchanged. A crash here is what
/// it is for a killed process: the files as they are at that instant, copied aside; whatever the process does afterwards, nobody hears of.
/// </summary>
internal sealed class CommitPoints(Action takeWhatIsOnDisk)
{
    // Large enough that a life sees commits with and without a checkpoint of the write-ahead log behind them.
    private const int WalPagesMax = 64;

    private static readonly SetWalHook SetHook = Marshal.GetDelegateForFunctionPointer<SetWalHook>(
        NativeLibrary.GetExport(NativeLibrary.Load("e_sqlite3", typeof(CommitPoints).Assembly, null), "sqlite3_wal_hook"));

    private WalHook? _afterCommit;
    private volatile bool _isDead;
    private Fault _armed;
    private Fault _due;
    private int _commitsLeft;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int WalHook(nint argument, nint connection, nint database, int pages);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint SetWalHook(nint connection, WalHook? hook, nint argument);

    /// <summary>The process has died; its answers reach nobody.</summary>
    public bool IsDead => _isDead;

    /// <summary>A commit was reported as failed although it stands.</summary>
    public bool IsInDoubt { get; set; }

    /// <summary>Commits so far.</summary>
    public int Commits { get; private set; }

    /// <summary>Runs once, when the next transaction is complete and not yet committed.</summary>
    public Action? BeforeNextCommit { get; set; }

    public async Task InstallAsync(StoreWriter writer) => await writer.WriteAsync(
        scope =>
        {
            using var command = scope.Command("SELECT 1");
            var connection = ((SqliteConnection)command.Connection!).Handle!;
            raw.sqlite3_commit_hook(connection, _ => BeforeCommit(), this);
            _afterCommit = (_, _, _, pages) => AfterCommit(connection, pages);
            SetHook(connection.DangerousGetHandle(), _afterCommit, 0);
        },
        CancellationToken.None);

    /// <summary>Lets something go wrong at the n-th commit from now.</summary>
    public void Arm(Fault fault, int commits) => (_armed, _commitsLeft) = (fault, commits);

    /// <summary>The process dies between two commits.</summary>
    public void Die()
    {
        if (!_isDead)
        {
            takeWhatIsOnDisk();
            _isDead = true;
        }
    }

    // Not zero turns the commit into a rollback.
    private int BeforeCommit()
    {
        var told = BeforeNextCommit;
        BeforeNextCommit = null;
        if (!_isDead)
        {
            told?.Invoke();
        }

        _due = _armed != Fault.None && --_commitsLeft == 0 ? _armed : Fault.None;
        if (_due != Fault.None)
        {
            _armed = Fault.None;
        }

        if (_due == Fault.CrashBeforeCommit)
        {
            Die();
        }

        return _isDead ? 1 : 0;
    }

    // Not OK makes COMMIT report an error although the transaction is on disk.
    private int AfterCommit(sqlite3 connection, int pages)
    {
        Commits++;
        if (_due == Fault.CrashAfterCommit)
        {
            Die();
        }

        if (pages >= WalPagesMax)
        {
            raw.sqlite3_wal_checkpoint(connection, "main");
        }

        IsInDoubt |= _due == Fault.OutcomeUnknown;
        return _due == Fault.OutcomeUnknown ? raw.SQLITE_IOERR : raw.SQLITE_OK;
    }
}
