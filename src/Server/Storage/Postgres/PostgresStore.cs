using System.Data;
using System.Data.Common;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Delivery.Server.Storage.Postgres;

/// <summary>
/// The database as a PostgreSQL server, or a primary and its standbys, shared by any number of server processes. Nothing is read before the writer's
/// session has looked at the database, and again after each loss of it, so that a standby that lags behind what was promised is never believed.
/// </summary>
internal sealed class PostgresStore : Store
{
    private readonly DatabaseOptions _options;
    private readonly StorageOptions _storage;
    private readonly TimeProvider _clock;
    private readonly NpgsqlDataSource _writers;
    private readonly NpgsqlDataSource _readers;
    private DataFolderLock? _folder;
    private long _replicaId;
    private volatile bool _isTrusted;
    private volatile string _primary = "";

    public PostgresStore(IOptions<DatabaseOptions> options, IOptions<StorageOptions> storage, TimeProvider clock)
    {
        (_options, _storage) = (options.Value, storage.Value);
        _clock = clock;
        try
        {
            _writers = Sources(Writing(), TargetSessionAttributes.ReadWrite);
            _readers = Sources(Reading(), TargetSessionAttributes.Primary, RequireTheWriters);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidOperationException($"{DatabaseOptions.Section}:ConnectionString cannot be read: {exception.Message}", exception);
        }
    }

    public override WriteSession OpenSession(Action<DbConnection>? guard)
    {
        _isTrusted = false;
        _folder ??= new DataFolderLock(_storage.DataFolder);
        var connection = Open(_writers);
        try
        {
            RequirePrimary(connection);
            if (_replicaId == 0)
            {
                PostgresSession.InTurn(connection, () => Migrate(connection));
            }

            // Before the first thing is written to it, and again when that is committed.
            guard?.Invoke(connection);
            var session = new PostgresSession(connection, _options, _clock, _replicaId, () => _isTrusted = true);
            _replicaId = session.ReplicaId;
            guard?.Invoke(connection);
            // Connections to what was there before are not read from again.
            _primary = NameOf(connection);
            _readers.Clear();
            session.Tend();
            return session;
        }
        catch (Exception exception)
        {
            connection.Dispose();
            throw exception is not StoreUnavailableException and not InvalidDataException && Judge(exception) is not StoreFault.None ? Unreachable(exception) : exception;
        }
    }

    public override DbConnection OpenReader()
    {
        if (!_isTrusted)
        {
            throw new StoreUnavailableException(StoreUnavailableException.Unreachable);
        }

        return Open(_readers);
    }

    public override DbTransaction BeginSnapshot(DbConnection reader) => reader.BeginTransaction(IsolationLevel.RepeatableRead);

    public override DeliveryDb Over(DbConnection connection) => new(DeliveryDb.Options().UseNpgsql(connection).Options);

    public override ColumnSource OpenColumns() => new PostgresColumnSource(this, _options.RecoveryTimeout);

    public override void InsertColumns(WriteScope scope, SegmentPlace segment, IReadOnlyList<(StoredColumn Column, byte[] Sealed)> columns)
    {
        // Rows as the server stores them: nothing is turned into text on the way.
        using var copy = ((NpgsqlConnection)scope.Connection).BeginBinaryImport("COPY segment_column (segment_column_id, sealed) FROM STDIN (FORMAT BINARY)");
        foreach (var (column, bytes) in columns)
        {
            copy.StartRow();
            copy.Write(segment.BlobId(column), NpgsqlTypes.NpgsqlDbType.Bigint);
            copy.Write(bytes, NpgsqlTypes.NpgsqlDbType.Bytea);
        }

        copy.Complete();
    }

    public override bool HoldsKeys()
    {
        using var connection = Open(_writers);
        return connection.Scalar("SELECT to_regclass('store_schema')::text") is string && connection.Scalar("SELECT 1 FROM store_schema WHERE wrapping_key_id <> ''") is not null;
    }

    public override StoreFault Judge(Exception exception)
    {
        if (Causes(exception).Any(cause => cause is NpgsqlException && cause.Message.Contains("pool has been exhausted", StringComparison.Ordinal)))
        {
            return StoreFault.Busy;
        }

        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                // A second question on a connection while the rows of the first are being read: a fault of ours, not of the database.
                case NpgsqlOperationInProgressException:
                    return StoreFault.Fatal;
                case PostgresException answer:
                    return Judge(answer.SqlState);
                case StoreUnavailableException:
                    return StoreFault.None;
                case NpgsqlException { InnerException: TimeoutException or IOException or SocketException } or SocketException or IOException:
                    return StoreFault.Lost;
                case NpgsqlException { IsTransient: true } or NpgsqlException { InnerException: null }:
                    return StoreFault.Lost;
                case InvalidOperationException when cause.Source == "Npgsql" && cause.Message.Contains("not open", StringComparison.Ordinal):
                    return StoreFault.Lost;
                default:
                    break;
            }
        }

        return StoreFault.None;
    }

    public override void ClearPools()
    {
        _readers.Clear();
        _writers.Clear();
    }

    public override void Dispose()
    {
        _readers.Dispose();
        _writers.Dispose();
        _folder?.Dispose();
    }

    public override void Distrust() => _isTrusted = false;

    /// <summary>What an SQLSTATE means: classes and codes of the manual's appendix A.</summary>
    public static StoreFault Judge(string state) => state switch
    {
        "40001" or "40P01" => StoreFault.Conflict,
        // The server shuts down, has crashed or is starting; or it became a standby under us.
        "57P01" or "57P02" or "57P03" or "57P05" or "25006" => StoreFault.Lost,
        "53300" => StoreFault.Busy,
        "53100" or "53400" => StoreFault.Full,
        "42501" => StoreFault.Unwritable,
        "53200" => StoreFault.Fatal,
        "XX001" or "XX002" => StoreFault.Damaged,
        _ when state.StartsWith("08", StringComparison.Ordinal) => StoreFault.Lost,
        _ when state.StartsWith("58", StringComparison.Ordinal) => StoreFault.Fatal,
        _ => StoreFault.None,
    };

    private static NpgsqlDataSource Sources(NpgsqlConnectionStringBuilder settings, TargetSessionAttributes target, Action<NpgsqlConnection>? require = null)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ToString());
        if (require is not null)
        {
            builder.UsePhysicalConnectionInitializer(
                require,
                connection =>
                {
                    require(connection);
                    return Task.CompletedTask;
                });
        }

        return builder.BuildMultiHost().WithTargetSession(target);
    }

    // A standby may be promoted, and a reader sent there, before the writer has noticed that its primary is lost.
    private void RequireTheWriters(NpgsqlConnection connection)
    {
        if (NameOf(connection) != _primary)
        {
            throw new StoreUnavailableException(StoreUnavailableException.Unreachable);
        }
    }

    // Tells one run of one PostgreSQL server from every other. A standby that is promoted runs on, but the writer was never on it before.
    private static string NameOf(NpgsqlConnection connection) =>
        (string)connection.Scalar("SELECT concat_ws(' ', inet_server_addr(), inet_server_port(), extract(epoch FROM pg_postmaster_start_time()))")!;

    private static IEnumerable<Exception> Causes(Exception exception) =>
        exception is AggregateException several ? several.InnerExceptions.SelectMany(Causes)
        : exception.InnerException is { } inner ? Causes(inner).Prepend(exception)
        : [exception];

    private NpgsqlConnectionStringBuilder Shared()
    {
        var settings = new NpgsqlConnectionStringBuilder(_options.ConnectionString) { ApplicationName = "delivery", IncludeErrorDetail = false, PersistSecurityInfo = false };
        // A host that is gone is noticed in seconds, and a standby that was promoted is found at once.
        (settings.TcpKeepAlive, settings.TcpKeepAliveTime, settings.TcpKeepAliveInterval, settings.HostRecheckSeconds) = (true, 5, 2, 0);
        settings.Timeout = Math.Min(settings.Timeout, 5);
        settings.MaxAutoPrepare = 100;
        settings.AutoPrepareMinUsages = 2;
        return settings;
    }

    // What the writing connection holds (the turn, the lead) is free again seconds after its machine lost its power, and not when the operating system
    // of the database notices; and no limit that somebody set for others ends a wait for the turn.
    private const string WritersOptions =
        "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3 -c tcp_user_timeout=10000 -c statement_timeout=0 -c lock_timeout=0 -c idle_in_transaction_session_timeout=0";

    // No timeout: a COMMIT that is given up while the standby is waited for is reported as done although only one machine has it.
    private NpgsqlConnectionStringBuilder Writing()
    {
        var settings = Shared();
        (settings.Pooling, settings.CommandTimeout) = (false, 0);
        settings.Options = $"{settings.Options} {WritersOptions}".Trim();
        return settings;
    }

    private NpgsqlConnectionStringBuilder Reading()
    {
        var settings = Shared();
        (settings.Pooling, settings.MaxPoolSize, settings.NoResetOnClose) = (true, _options.PoolSizeMax, true);
        settings.Options = $"{settings.Options} -c default_transaction_read_only=on".Trim();
        return settings;
    }

    private NpgsqlConnection Open(NpgsqlDataSource source)
    {
        try
        {
            return source.OpenConnection();
        }
        catch (Exception exception) when (exception is NpgsqlException or SocketException or TimeoutException)
        {
            if (Judge(exception) is StoreFault.Busy)
            {
                throw new StoreUnavailableException(StoreUnavailableException.Busy, exception);
            }

            _isTrusted = false;
            throw Unreachable(exception);
        }
    }

    // The server's own words name hosts, users and databases and never hold a password.
    private Exception Unreachable(Exception exception) => Causes(exception).FirstOrDefault(cause => cause is PostgresException) switch
    {
        // Once it was served from, it is only away.
        _ when _replicaId != 0 => new StoreUnavailableException(StoreUnavailableException.Unreachable, exception),
        PostgresException { SqlState: "28P01" or "28000" } refused => new InvalidDataException($"PostgreSQL refuses the user of {DatabaseOptions.Section}:ConnectionString: {refused.MessageText}.", refused),
        _ when Causes(exception).Any(cause => cause is NpgsqlException && cause.Message.Contains("No suitable host", StringComparison.Ordinal)) =>
            new StoreUnavailableException(StoreUnavailableException.Unreachable, new InvalidOperationException($"None of the hosts of {DatabaseOptions.Section}:ConnectionString takes writes: one that answers is a standby. Name the primary.", exception)),
        PostgresException { SqlState: "3D000" } missing => new InvalidDataException($"{missing.MessageText}. Create it, or correct {DatabaseOptions.Section}:ConnectionString.", missing),
        _ => new StoreUnavailableException(StoreUnavailableException.Unreachable, exception),
    };

    private static void RequirePrimary(NpgsqlConnection connection)
    {
        if (connection.Scalar("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'") is true)
        {
            throw new StoreUnavailableException(
                StoreUnavailableException.Unreachable, new InvalidOperationException($"The database behind {DatabaseOptions.Section}:ConnectionString is a standby or takes no writes; name the primary."));
        }
    }
}
