using Delivery.Protocol.Log;

namespace Delivery.Server.TransferLog;

/// <summary>The log's name, its keys and those who watch it.</summary>
internal sealed class LogOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Delivery:TransferLog";

    // One signature line each, beside the log's own two; a note has room for 32.
    private const int WitnessKeysMax = 16;

    /// <summary>Name of the log in every leaf and checkpoint; once leaves exist it cannot change.</summary>
    public string Origin { get; set; } = "";

    /// <summary>ECDSA P-256 private key that signs checkpoints, PEM, mode 0600.</summary>
    public string SigningKeyFile { get; set; } = "";

    /// <summary>The key that takes over, PEM, mode 0600. While it is set both keys sign, and the log says from which leaf on. Empty otherwise.</summary>
    public string NextSigningKeyFile { get; set; } = "";

    /// <summary>True takes no more leaves: what is there can be proven, and nothing is delivered or changed. Default false.</summary>
    public bool Frozen { get; set; }

    /// <summary>Only for a log that continues another whose key was lost or known: the other log's name. It stands in the first leaf.</summary>
    public string PreviousOrigin { get; set; } = "";

    /// <summary>The last checkpoint of that log which is believed; its hash stands in the first leaf.</summary>
    public string PreviousCheckpointFile { get; set; } = "";

    /// <summary>Verifier keys of the witnesses whose cosignatures are taken in, as in a policy's <c>witness</c> lines. At most 16.</summary>
    public IList<string> WitnessKeys { get; } = [];

    /// <summary>How long a leaf may stand without a witness's cosignature before nothing is delivered any more; 0 for no limit.</summary>
    public TimeSpan MaxUnwitnessedAge { get; set; }

    /// <summary>What is wrong with these settings, or null. A wrong setting stops the start.</summary>
    public string? Problem() =>
        !Checkpoint.IsOrigin(Origin) ? $"{Section}:Origin must be 1 to 64 letters, digits, dots, hyphens, underscores and slashes"
        : SigningKeyFile.Length == 0 ? $"{Section}:SigningKeyFile is empty"
        : PreviousOrigin.Length > 0 != PreviousCheckpointFile.Length > 0 ? $"{Section}:PreviousOrigin and {Section}:PreviousCheckpointFile go together"
        : PreviousOrigin == Origin ? $"{Section}:PreviousOrigin is this log's own name; a log that continues another has a new one"
        : WitnessKeys.Count > WitnessKeysMax ? $"{Section}:WitnessKeys holds more than {WitnessKeysMax} keys"
        : !AreWitnesses() ? $"{Section}:WitnessKeys must hold verifier keys of witnesses, one key and one name each"
        : MaxUnwitnessedAge < TimeSpan.Zero ? $"{Section}:MaxUnwitnessedAge must not be negative"
        : MaxUnwitnessedAge > TimeSpan.Zero && WitnessKeys.Count == 0 ? $"{Section}:MaxUnwitnessedAge needs {Section}:WitnessKeys: without a witness nothing would ever be delivered"
        : null;

    private bool AreWitnesses()
    {
        try
        {
            var keys = WitnessKeys.Select(VerifierKey.Parse).ToList();
            return keys.TrueForAll(key => key.Kind is NoteKeyKind.Witness)
                && keys.DistinctBy(key => key.Name).Count() == keys.Count
                && keys.DistinctBy(key => key.SpkiSha256).Count() == keys.Count;
        }
        catch (LogFormatException)
        {
            return false;
        }
    }
}
