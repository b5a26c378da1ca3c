using System.Data;
using System.Data.Common;
using Npgsql;

namespace Delivery.Server.Storage.Postgres;

/// <summary>
/// This process's writing connection to PostgreSQL. The turn is an advisory lock of the transaction; which servers are there, and which of them leads,
/// are advisory locks of sessions. They all end with the connection, so a server that lost it can do nothing in the name of what it held.
/// </summary>
internal sealed class PostgresSession : WriteSession
{
    // Any numbers, the same in all servers. The pair form tells a server's own lock by its id.
    internal const int TurnLock = 0x44_4C_56_01;
    internal const int LeaderLock = 0x44_4C_56_02;
    private const int ReplicaLock = 0x44_4C_56_03;

    private readonly NpgsqlConnection _connection;
    private readonly DatabaseOptions _options;
    private readonly TimeProvider _clock;
    private readonly Action _isSound;
    private readonly Dictionary<long, long> _missingSince = [];
    private bool _leads;
    private bool _isCommitting;
    private string? _commitWarning;

    /// <param name="connection">An open connection to the primary.</param>
    /// <param name="options">The limits.</param>
    /// <param name="clock">This server's clock.</param>
    /// <param name="replicaId">The number this process got on its last session; 0 before the first. It gets another if it was given up for dead meanwhile.</param>
    /// <param name="isSound">Called whenever the connection was found to be there still, and to the primary.</param>
    public PostgresSession(NpgsqlConnection connection, DatabaseOptions options, TimeProvider clock, long replicaId, Action isSound)
        : base(connection, IsKnown(connection, replicaId) ? replicaId : Register(connection))
    {
        (_connection, _options, _clock, _isSound) = (connection, options, clock, isSound);
        _connection.Notice += (_, notice) => _commitWarning = _isCommitting && notice.Notice.InvariantSeverity == "WARNING" ? notice.Notice.SqlState : _commitWarning;
        if (_connection.Scalar("SELECT pg_try_advisory_lock($1, $2)", ReplicaLock, (int)ReplicaId) is not true)
        {
            // The connection that was lost still lives on the other side: it must be gone before this one speaks in its name.
            throw new StoreUnavailableException(StoreUnavailableException.Unreachable);
        }

        // A change that changes nothing: once it is committed the standby has it, and everything that can be seen here before it. A primary that
        // crashed and started again shows what no standby may have.
        Commit(() => RequireKept(_connection.Scalar(
            "WITH turn AS (SELECT pg_advisory_xact_lock($2)) UPDATE store_replica SET commit_number = commit_number FROM turn WHERE replica_id = $1 RETURNING 1", ReplicaId, (long)TurnLock) is not null));
    }

    public override bool Leads => _leads;

    public override bool HasCompany => true;

    public override bool MarksEachChange => false;

    /// <summary>Does something that has transactions of its own while no server, this or another, changes anything.</summary>
    public static void InTurn(NpgsqlConnection connection, Action act)
    {
        connection.Scalar("SELECT pg_advisory_lock($1)", (long)TurnLock);
        try
        {
            act();
        }
        finally
        {
            // With a connection that is gone the turn is gone too.
            if (connection.FullState is ConnectionState.Open)
            {
                connection.Scalar("SELECT pg_advisory_unlock($1)", (long)TurnLock);
            }
        }
    }

    public override DbTransaction Begin(long number)
    {
        var transaction = _connection.BeginTransaction(IsolationLevel.ReadCommitted);
        using var turn = new NpgsqlBatch(_connection, transaction)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("SELECT pg_advisory_xact_lock($1)") { Parameters = { new() { Value = (long)TurnLock } } },
                new NpgsqlBatchCommand("UPDATE store_replica SET commit_number = $2 WHERE replica_id = $1") { Parameters = { new() { Value = ReplicaId }, new() { Value = number } } },
            },
        };
        try
        {
            turn.ExecuteNonQuery();
            RequireKept(turn.BatchCommands[1].RecordsAffected == 1);
            return transaction;
        }
        catch
        {
            transaction.Dispose();
            throw;
        }
    }

    public override void Commit(DbTransaction transaction) => Commit(transaction.Commit);

    private void Commit(Action commit)
    {
        _isCommitting = true;
        try
        {
            commit();
        }
        finally
        {
            _isCommitting = false;
        }

        if (_commitWarning is { } state)
        {
            // The commit stands on this machine and perhaps on no other: what it promises may be lost with it.
            throw new InvalidDataException($"PostgreSQL warned ({state}) while it committed, so the commit may not have reached the standby. Nothing more is served from it; look at the standby and restart.");
        }
    }

    public override bool HasCommitted(long number)
    {
        try
        {
            // With the turn taken the lost transaction has ended, one way or the other.
            using var transaction = _connection.BeginTransaction(IsolationLevel.ReadCommitted);
            using var turn = _connection.Command(transaction, "SELECT pg_advisory_xact_lock($1)", (long)TurnLock);
            turn.ExecuteNonQuery();
            using var command = _connection.Command(transaction, "SELECT commit_number FROM store_replica WHERE replica_id = $1", ReplicaId);
            var committed = command.ExecuteScalar() is long last && last == number;
            transaction.Rollback();
            return committed;
        }
        catch (PostgresException unanswered)
        {
            // The doubt stays: it is looked up again, on another connection.
            throw new NpgsqlException($"What became of a commit could not be looked up ({unanswered.SqlState}).");
        }
    }

    public override IReadOnlyList<long> DeadReplicas(WriteScope scope)
    {
        var missing = new HashSet<long>();
        using (var command = scope.Command(
            """
            SELECT r.replica_id FROM store_replica r WHERE NOT EXISTS (
                SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND l.classid::bigint = $1 AND l.objid::bigint = r.replica_id AND l.objsubid = 2
                    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            ORDER BY r.replica_id
            """,
            (long)ReplicaLock))
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                missing.Add(reader.GetInt64(0));
            }
        }

        // After the database was lost others may still be on their way back to it.
        foreach (var back in _missingSince.Keys.Where(id => !missing.Contains(id)).ToList())
        {
            _missingSince.Remove(back);
        }

        var now = TimeProvider.System.GetTimestamp();
        return [.. missing.Where(id => TimeProvider.System.GetElapsedTime(_missingSince.TryAdd(id, now) ? now : _missingSince[id], now) >= _options.ReplicaTimeout).Order()];
    }

    public override void Tend()
    {
        var before = _clock.GetUtcNow();
        var theirs = DateTimeOffset.FromUnixTimeMilliseconds((long)_connection.Scalar("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")!);
        var after = _clock.GetUtcNow();
        var skew = theirs < before ? before - theirs : theirs > after ? theirs - after : TimeSpan.Zero;
        _isSound();
        if (_options.ClockSkewMax > TimeSpan.Zero && skew > _options.ClockSkewMax)
        {
            // The work of the clock is for a server whose clock is right.
            _leads = _leads && _connection.Scalar("SELECT pg_advisory_unlock($1)", (long)LeaderLock) is not true;
            throw new StoreUnavailableException(StoreUnavailableException.ClockSkew);
        }

        _leads = _leads || _connection.Scalar("SELECT pg_try_advisory_lock($1)", (long)LeaderLock) is true;
    }

    // Whoever was given up for dead goes on under another number: nobody would find the commits and calls of this one.
    private static void RequireKept(bool isKept)
    {
        if (!isKept)
        {
            throw new NpgsqlException("This server was given up for dead meanwhile.");
        }
    }

    private static bool IsKnown(NpgsqlConnection connection, long replicaId) =>
        connection.Scalar("SELECT 1 FROM store_replica WHERE replica_id = $1", replicaId) is not null;

    private static long Register(NpgsqlConnection connection) =>
        (long)connection.Scalar(
            """
            WITH turn AS (SELECT pg_advisory_xact_lock($1))
            INSERT INTO store_replica (replica_id, commit_number) SELECT nextval('store_replica_id'), 0 FROM turn RETURNING replica_id
            """,
            (long)TurnLock)!;
}
