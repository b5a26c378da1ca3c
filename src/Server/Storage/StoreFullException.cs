namespace Delivery.Server.Storage;

/// <summary>The database could not grow: the disk is full or the configured size is reached. The transaction was rolled back.</summary>
internal sealed class StoreFullException(Exception cause)
    : Exception("The store is full: the change was rolled back. Free space or raise the size limit, then repeat the call.", cause);
