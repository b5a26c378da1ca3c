using Delivery.Client.Keys;
using Delivery.Client.Pseudonyms;

namespace Delivery.Client.Extracts;

/// <summary>Whom to believe about an extract, and how patient to be.</summary>
public class ExtractReadOptions
{
    /// <summary>The key the extract is sealed to. Stays the caller's.</summary>
    public required RecipientKeyFile RecipientKey { get; init; }

    /// <summary>PEM file of the server's delivery key (public key or certificate), had from a source other than the server.</summary>
    public required string SenderPublicKeyFile { get; init; }

    /// <summary>File of the log policy: which log and which keys proofs must come from.</summary>
    public required string LogPolicyFile { get; init; }

    /// <summary>How often in a row a call may be tried that brings nothing new. Default 6, from 1; the waits double from half a second.</summary>
    public int AttemptsMax { get; init; } = 6;

    /// <summary>Without a frame for this long a call counts as cut and is resumed. Default two minutes; above zero.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>Where a pull puts its result.</summary>
public sealed class PullOptions : ExtractReadOptions
{
    /// <summary>
    /// The file to make: <c>.arrow</c> (Arrow IPC file), <c>.arrows</c> (Arrow IPC stream) or <c>.csv</c>. When both programmes
    /// are pulled, <c>results.arrow</c> becomes <c>results.nt.arrow</c> and <c>results.fno.arrow</c>.
    /// </summary>
    public required string OutputFile { get; init; }

    /// <summary>Replaces the CPR column; may be null only for an extract without one.</summary>
    public IPseudonymiser? Pseudonymiser { get; init; }

    /// <summary>Whether a file of that name may be replaced. Default no.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Whether to discard what an interrupted pull into the same file left. Default no: the pull goes on from there.</summary>
    public bool Restart { get; init; }

    /// <summary>
    /// How often what was written is synced to disk and the state beside it replaced. Default one second; zero does it after every
    /// batch. What is lost when the process or the machine dies is what came since.
    /// </summary>
    public TimeSpan SaveInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Told after each batch, on the pulling thread; and once before the first when an interrupted pull is gone on with.</summary>
    public IProgress<ExtractProgress>? Progress { get; init; }
}
