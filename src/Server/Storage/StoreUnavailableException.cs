namespace Delivery.Server.Storage;

/// <summary>The database cannot be used at the moment; the code says why, in the words of the refusal it becomes.</summary>
internal sealed class StoreUnavailableException(string code, Exception? cause = null) : Exception(cause is null ? $"The store is not available: {code}." : $"The store is not available ({code}): {cause.Message}", cause)
{
    /// <summary>It cannot be reached, or it came back and has not been looked at yet.</summary>
    public const string Unreachable = "E_STORE_UNAVAILABLE";

    /// <summary>Every connection to it is taken.</summary>
    public const string Busy = "E_STORE_BUSY";

    /// <summary>This server's clock and the database's differ by more than they may.</summary>
    public const string ClockSkew = "E_CLOCK_SKEW";

    public string Code => code;
}
