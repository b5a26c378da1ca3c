namespace Delivery.Server.Storage;

/// <summary>Which database is behind the store.</summary>
internal sealed class DatabaseOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Delivery:Database";

    /// <summary>SQLite keeps everything in the data folder and serves one process; PostgreSQL serves any number. Default SQLite.</summary>
    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;

    /// <summary>
    /// For PostgreSQL, as Npgsql reads it: <c>Host=a,b;Database=delivery;Username=delivery;Passfile=…</c>. With several hosts the primary among them is
    /// found, at the start and again when it is lost.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// Connections that read, per server, 4 to 500. Default 40: each stream takes one while it reads a segment and not while it sends, each watch one
    /// for a moment four times a second. One more connection writes.
    /// </summary>
    public int PoolSizeMax { get; set; } = 40;

    /// <summary>How far this server's clock may be from the database's; 0 asks nothing. Default one minute.</summary>
    public TimeSpan ClockSkewMax { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a change waits for a lost database to come back before its caller is told to try later, 1 s to 10 min. Default 30 s.</summary>
    public TimeSpan RecoveryTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a server must be gone before others end what it left undone, 1 s to 10 min. Default 10 s.</summary>
    public TimeSpan ReplicaTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What is wrong with these settings, or null. A wrong setting stops the start.</summary>
    public string? Problem() => this switch
    {
        { Provider: not (DatabaseProvider.Sqlite or DatabaseProvider.Postgres) } => $"{Section}:Provider must be Sqlite or Postgres",
        { Provider: DatabaseProvider.Postgres, ConnectionString: "" } => $"{Section}:ConnectionString is empty",
        { Provider: DatabaseProvider.Sqlite, ConnectionString: not "" } => $"{Section}:ConnectionString is for Postgres; with Sqlite the database stands in {StorageOptions.Section}:DataFolder",
        { PoolSizeMax: < 4 or > 500 } => $"{Section}:PoolSizeMax must lie between 4 and 500",
        _ when ClockSkewMax < TimeSpan.Zero => $"{Section}:ClockSkewMax must not be negative",
        _ when !IsWait(RecoveryTimeout) => $"{Section}:RecoveryTimeout must lie between 1 s and 10 min",
        _ when !IsWait(ReplicaTimeout) => $"{Section}:ReplicaTimeout must lie between 1 s and 10 min",
        _ => null,
    };

    private static bool IsWait(TimeSpan time) => time >= TimeSpan.FromSeconds(1) && time <= TimeSpan.FromMinutes(10);
}

internal enum DatabaseProvider
{
    Sqlite = 1,
    Postgres = 2,
}
