namespace Delivery.Client.Closure;

/// <summary>How data were made unreadable.</summary>
public enum DeletionMethod
{
    /// <summary>Slettet.</summary>
    Deleted = 1,

    /// <summary>Tilintetgjort.</summary>
    Destroyed = 2,
}
