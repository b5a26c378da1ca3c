using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Delivery.Server.Storage.Sqlite;

/// <summary>The one connection to the file that writes. It has every turn, because nobody else writes.</summary>
internal sealed class SqliteSession(SqliteConnection connection) : WriteSession(connection, Register(connection))
{
    public override bool Leads => true;

    public override bool HasCompany => false;

    public override bool MarksEachChange => true;

    public override DbTransaction Begin(long number) => connection.BeginTransaction(deferred: false);

    // The file is on this machine: a commit that failed was rolled back.
    public override bool HasCommitted(long number) => false;

    // The folder's lock says that no other process is there.
    public override IReadOnlyList<long> DeadReplicas(WriteScope scope) =>
        [.. scope.Db.Set<ReplicaRow>().Where(row => row.ReplicaId != ReplicaId).Select(row => row.ReplicaId).AsEnumerable().Order()];

    public override void Tend()
    {
    }

    // After a clean stop the database file is whole by itself: a copy of it is a backup, and a journal left beside an older file cannot mend it into a mixture.
    public override void Finish()
    {
        SqliteConnection.ClearAllPools();
        connection.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    private static long Register(SqliteConnection connection) =>
        (long)connection.Scalar("INSERT INTO store_replica (replica_id, commit_number) SELECT coalesce(max(replica_id), 0) + 1, 0 FROM store_replica RETURNING replica_id")!;
}
