using System.Data.Common;

namespace Delivery.Server.Storage;

/// <summary>
/// The one connection of this process that writes. A new one is opened when it is lost. Whoever may change the database has the turn, and one at a time
/// has it over all servers, so that leaves follow each other without gaps. The writer's thread only.
/// </summary>
internal abstract class WriteSession(DbConnection connection, long replicaId) : IDisposable
{
    /// <summary>The server process, told apart from every other that ever used the database.</summary>
    public long ReplicaId => replicaId;

    /// <summary>Whether the work that the clock drives falls to this server.</summary>
    public abstract bool Leads { get; }

    /// <summary>Whether there may be other servers on the database.</summary>
    public abstract bool HasCompany { get; }

    /// <summary>Whether every change gets a savepoint at once, because one costs next to nothing.</summary>
    public abstract bool MarksEachChange { get; }

    protected DbConnection Connection => connection;

    /// <summary>Waits for the turn and begins. The number tells this commit from others of this process.</summary>
    public abstract DbTransaction Begin(long number);

    /// <summary>Commits. Whether it did is unknown when this throws because the connection is gone.</summary>
    public virtual void Commit(DbTransaction transaction) => transaction.Commit();

    /// <summary>Whether the commit of that number stands. Asked on a later session, when the answer to a commit was lost.</summary>
    public abstract bool HasCommitted(long number);

    /// <summary>Servers that are known and no longer there: what they left undone is for another to end.</summary>
    public abstract IReadOnlyList<long> DeadReplicas(WriteScope scope);

    /// <summary>Looks after the connection once a second or so.</summary>
    /// <exception cref="StoreUnavailableException">Nothing may be written at the moment.</exception>
    public abstract void Tend();

    /// <summary>Leaves the database whole by itself at a clean end.</summary>
    public virtual void Finish()
    {
    }

    public void Dispose() => connection.Dispose();

    /// <summary>A scope in this session's transaction.</summary>
    public WriteScope Scope(Store store, DbTransaction transaction, GroupMemory memory) => new(store, this, connection, transaction, memory);
}
