using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Delivery.Server.Storage;

/// <summary>
/// The database: brings its schema up to date, hands out readers, and knows what its failures mean. There is one implementation per provider; all
/// others use this one. Every write goes through <see cref="StoreWriter"/>. Threads may share it.
/// </summary>
internal abstract class Store : IDisposable
{
    /// <summary>Opens the one connection of this process that writes, migrating the database first. The writer owns and disposes it.</summary>
    /// <param name="guard">Looks at the database before it is used, and throws if it is not the one it should be.</param>
    /// <exception cref="InvalidDataException">It cannot be served from: damaged, of a later version, in use by another, or the guard's refusal.</exception>
    public abstract WriteSession OpenSession(Action<DbConnection>? guard);

    /// <summary>A pooled connection that cannot write; the caller disposes it soon, and never holds it while writing to a socket.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be reached, or what it holds has not been looked at since it came back.</exception>
    public abstract DbConnection OpenReader();

    /// <summary>A transaction that sees one moment.</summary>
    public abstract DbTransaction BeginSnapshot(DbConnection reader);

    /// <summary>A context over a connection somebody else owns, opens and closes.</summary>
    public abstract DeliveryDb Over(DbConnection connection);

    /// <summary>A reader of sealed columns for one thread.</summary>
    public abstract ColumnSource OpenColumns();

    /// <summary>Stores the sealed columns of a segment inside a change.</summary>
    public abstract void InsertColumns(WriteScope scope, SegmentPlace segment, IReadOnlyList<(StoredColumn Column, byte[] Sealed)> columns);

    /// <summary>Whether there is a database with keys in it already, so that a missing key-encryption key must be restored and not made.</summary>
    public abstract bool HoldsKeys();

    /// <summary>What a failure means for whoever meets it.</summary>
    public abstract StoreFault Judge(Exception exception);

    /// <summary>The database was lost: where another may come back in its place, it is not read again before the writer has looked at what came back.</summary>
    public virtual void Distrust()
    {
    }

    /// <summary>Closes connections that nobody uses.</summary>
    public abstract void ClearPools();

    /// <summary>Runs one EF Core query on a connection of its own.</summary>
    public T Read<T>(Func<DeliveryDb, T> query)
    {
        using var connection = OpenReader();
        using var db = Over(connection);
        return query(db);
    }

    public abstract void Dispose();

    /// <summary>Brings the schema up to date, and refuses one that is not what this version needs.</summary>
    protected void Migrate(DbConnection connection)
    {
        using var db = Over(connection);
        SchemaVersion.RequireServable(connection);
        db.Database.Migrate();
        SchemaVersion.RequireWhole(db, connection);
    }
}

/// <summary>What a failed statement means.</summary>
internal enum StoreFault
{
    /// <summary>Nothing about the database: the statement or its rows are wrong.</summary>
    None,

    /// <summary>There is no room.</summary>
    Full,

    /// <summary>The transaction is gone for a reason that may not repeat: it may be run again.</summary>
    Conflict,

    /// <summary>The connection is gone. What was not committed is not there; of a commit under way nobody knows.</summary>
    Lost,

    /// <summary>Every connection is taken.</summary>
    Busy,

    /// <summary>What is stored cannot be read.</summary>
    Damaged,

    /// <summary>The statement failed for a reason that lies neither with it nor with what is stored.</summary>
    Unwritable,

    /// <summary>The whole transaction is gone, and would be again.</summary>
    Fatal,
}
