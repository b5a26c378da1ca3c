namespace Delivery.Server.TransferLog;

/// <summary>The log's name and key.</summary>
internal sealed class LogOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Delivery:TransferLog";

    /// <summary>Name of the log in every leaf and checkpoint; once leaves exist it cannot change.</summary>
    public string Origin { get; set; } = "";

    /// <summary>ECDSA P-256 private key that signs checkpoints, PEM, mode 0600.</summary>
    public string SigningKeyFile { get; set; } = "";

    /// <summary>What is wrong with these settings, or null. A wrong setting stops the start.</summary>
    public string? Problem() =>
        Origin.Length is 0 or > 100 || Origin.Any(character => character is <= ' ' or > '~' or '+') ? $"{Section}:Origin must be 1 to 100 printable ASCII characters without blank or plus"
        : SigningKeyFile.Length == 0 ? $"{Section}:SigningKeyFile is empty"
        : null;
}
