namespace Delivery.Server.Extracts;

/// <summary>How extracts are sealed and sent.</summary>
internal sealed class ExtractOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Delivery:Extracts";

    /// <summary>ECDSA P-256 private key that signs sealed streams, PEM, mode 0600. Recipients pin its public half.</summary>
    public string SigningKeyFile { get; set; } = "";

    /// <summary>Roots that the signer of a recipient key must chain to, PEM. Apart from the roots of client certificates on purpose.</summary>
    public string RecipientKeyRootsFile { get; set; } = "";

    /// <summary>CVR number of the organisation that receives extracts and signs recipient keys. Default 17150413, Danmarks Statistik.</summary>
    public string RecipientOrganisation { get; set; } = "17150413";

    /// <summary>Sealed bytes released to the socket under one leaf, 256 KiB to 64 MiB. Default 4 MiB: one commit costs little beside sending it.</summary>
    public int WindowBytes { get; set; } = 4 << 20;

    /// <summary>Batches released under one leaf, 1 to 64. Default 16, so that small batches do not wait for a large window.</summary>
    public int WindowBatches { get; set; } = 16;

    /// <summary>Streams one organisation may have open, 1 to 256. Default 16.</summary>
    public int StreamsPerOrganisationMax { get; set; } = 16;

    /// <summary>How long a reader may take nothing before its stream is cut, 1 s to 1 h. Default 2 min; the transport itself never cuts one.</summary>
    public TimeSpan NoProgressTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long after its last call an extract without a receipt is abandoned: its pins are released and it can no longer be resumed. 1 h to
    /// 3660 days. Default 30 days, longer than any repair of a recipient's system should take.
    /// </summary>
    public TimeSpan AbandonAfter { get; set; } = TimeSpan.FromDays(30);

    /// <summary>What is wrong with these settings, or null. A wrong setting stops the start.</summary>
    public string? Problem() => this switch
    {
        { SigningKeyFile: "" } => $"{Section}:SigningKeyFile is empty",
        { RecipientKeyRootsFile: "" } => $"{Section}:RecipientKeyRootsFile is empty",
        { RecipientOrganisation.Length: not 8 } => $"{Section}:RecipientOrganisation is not a CVR number",
        { WindowBytes: < 256 << 10 or > 64 << 20 } => $"{Section}:WindowBytes must lie between 262144 and 67108864",
        { WindowBatches: < 1 or > 64 } => $"{Section}:WindowBatches must lie between 1 and 64",
        { StreamsPerOrganisationMax: < 1 or > 256 } => $"{Section}:StreamsPerOrganisationMax must lie between 1 and 256",
        _ when NoProgressTimeout < TimeSpan.FromSeconds(1) || NoProgressTimeout > TimeSpan.FromHours(1) => $"{Section}:NoProgressTimeout must lie between 1 s and 1 h",
        _ when AbandonAfter < TimeSpan.FromHours(1) || AbandonAfter > TimeSpan.FromDays(3660) => $"{Section}:AbandonAfter must lie between 1 h and 3660 days",
        _ => null,
    };
}
