using Delivery.Client.Refusals;

namespace Delivery.Client.Pulls;

/// <summary>Decides what becomes of an unfinished output when its pull ends before time. Pure.</summary>
internal static class PullRemains
{
    // After these the rest of the extract will never come: it is another one now, its project is over, or the server denies having
    // sent what we hold.
    private static readonly HashSet<string> Final = new(StringComparer.Ordinal)
    {
        "E_RESUME_MISMATCH", "E_RESUME_EXPIRED", "E_EXTRACT_CHANGED", "R01", "R02", "R03",
    };

    /// <summary>Whether what was written may be gone on with; otherwise it is removed.</summary>
    public static bool AreKept(Exception failure) => failure switch
    {
        ProofRefusedException => false,
        DeliveryRefusedException { Code: "R06" } refused => refused.Violations[0].Subject == "SUSPENDED",
        DeliveryClientException refused => !Final.Contains(refused.Code)
            && refused.Code != ClientReasons.SchemaUnexpected.Code && refused.Code != ClientReasons.ProtocolBroken.Code,
        _ => true,
    };
}
