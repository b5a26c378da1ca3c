namespace Delivery.EndToEnd.Running;

/// <summary>Which database a server of the tests keeps its data in.</summary>
public enum StoreKind
{
    /// <summary>A file in the server's data folder.</summary>
    Sqlite,

    /// <summary>A database of its own in the cluster that the tests start.</summary>
    Postgres,
}
