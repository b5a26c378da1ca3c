using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Delivery.Server.Storage;

/// <summary>
/// What one change may use while it runs inside the writer's transaction. It lives on the writer's thread only, for the length of the
/// change, and is never kept.
/// </summary>
internal sealed class WriteScope(Store store, WriteSession session, DbConnection connection, DbTransaction transaction, GroupMemory memory) : IDisposable
{
    private DeliveryDb? _db;

    /// <summary>EF Core inside this transaction. The change calls <c>SaveChanges</c> itself.</summary>
    public DeliveryDb Db
    {
        get
        {
            if (_db is null)
            {
                _db = store.Over(connection);
                _db.Database.UseTransaction(transaction);
            }

            return _db;
        }
    }

    /// <inheritdoc cref="WriteSession.ReplicaId"/>
    public long ReplicaId => session.ReplicaId;

    /// <inheritdoc cref="WriteSession.Leads"/>
    public bool Leads => session.Leads;

    /// <inheritdoc cref="WriteSession.DeadReplicas"/>
    public IReadOnlyList<long> DeadReplicas => session.DeadReplicas(this);

    /// <summary>The connection, for what only its provider can do. Never to be closed or kept.</summary>
    public DbConnection Connection => connection;

    /// <summary>What earlier changes of the transaction found out.</summary>
    public GroupMemory Memory => memory;

    /// <summary>Run after the commit that this change is part of, in the order of the changes.</summary>
    public List<Action> AfterCommit { get; } = [];

    /// <summary>A command inside this transaction; parameters are given in the order of <c>$1</c>, <c>$2</c> ….</summary>
    public DbCommand Command(string sql, params ReadOnlySpan<object> parameters) => connection.Command(transaction, sql, parameters);

    /// <summary>Runs a statement and returns the number of rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<object> parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>Runs statements one after the other, in one question to a database that takes them so.</summary>
    public void ExecuteAll(params ReadOnlySpan<(string Sql, object[] Parameters)> statements)
    {
        if (!connection.CanCreateBatch)
        {
            foreach (var (sql, parameters) in statements)
            {
                Execute(sql, parameters);
            }

            return;
        }

        using var batch = connection.CreateBatch();
        batch.Transaction = transaction;
        foreach (var (sql, parameters) in statements)
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = sql;
            foreach (var value in parameters)
            {
                var parameter = command.CreateParameter();
                parameter.Value = value;
                command.Parameters.Add(parameter);
            }

            batch.BatchCommands.Add(command);
        }

        batch.ExecuteNonQuery();
    }

    /// <summary>Stores the sealed columns of a segment.</summary>
    public void InsertColumns(SegmentPlace segment, IReadOnlyList<(StoredColumn Column, byte[] Sealed)> columns) => store.InsertColumns(this, segment, columns);

    public void Dispose() => _db?.Dispose();
}
