namespace Delivery.Protocol.Log;

/// <summary>
/// Bytes or text that should be a piece of the log's published formats (checkpoint, signed note, key, proof, policy,
/// tile, frontier) but are not. The text says what was expected and never repeats what was read.
/// </summary>
internal sealed class LogFormatException(string code, string message) : Exception(message)
{
    public const string Checkpoint = "CHECKPOINT_FORMAT";
    public const string Note = "NOTE_FORMAT";
    public const string Key = "KEY_FORMAT";
    public const string Proof = "PROOF_FORMAT";
    public const string Policy = "POLICY_FORMAT";
    public const string Tile = "TILE_FORMAT";
    public const string Frontier = "FRONTIER_FORMAT";

    /// <summary>Which format was broken; one of the constants of this class.</summary>
    public string Code { get; } = code;
}
