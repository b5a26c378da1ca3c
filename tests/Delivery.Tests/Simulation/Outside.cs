namespace Delivery.Tests.Simulation;

/// <summary>
/// What people outside hold: everything the service answered, and nothing it only began. Whatever becomes of the service, none of it may
/// turn out wrong.
/// </summary>
internal sealed class Outside
{
    /// <summary>Signed checkpoints, as they were given away.</summary>
    public List<byte[]> Checkpoints { get; } = [];

    /// <summary>Leaves that were given away with a proof.</summary>
    public List<(byte[] Leaf, byte[] Proof)> Proofs { get; } = [];

    /// <summary>Batches whose bytes arrived, with the running digest after each.</summary>
    public List<(string CallId, long Batch, string RunningDigest)> Batches { get; } = [];

    /// <summary>Changes that were answered as done, by the leaf they named.</summary>
    public List<(long Index, string Type)> Changes { get; } = [];
}
