namespace Delivery.EndToEnd.Running;

/// <summary>Which database a server of the tests keeps its data in.</summary>
public enum StoreKind
{
    /// <summary>A file in the server's data folder.</summary>
    Sqlite,
}
