namespace Delivery.Client.Closure;

/// <summary>How data were made unreadable.</summary>
public enum DeletionMethod
{
    /// <summary>Slettet.</summary>
    Deleted = 1,

    /// <summary>Tilintetgjort.</summary>
    Destroyed = 2,
}

/// <summary>A recorded confirmation of deletion.</summary>
/// <param name="HoldingIds">The holdings confirmed.</param>
/// <param name="ProjectState">The project's state after it.</param>
/// <param name="LogIndex">Index of the deletion's leaf in the transfer log.</param>
/// <param name="Leaf">The leaf's exact bytes; keep them with the proof.</param>
/// <param name="Proof">Its inclusion proof, C2SP tlog-proof; <see cref="Log.LogVerification.VerifyFiles"/> checks it offline.</param>
public sealed record DeletionConfirmation(
    IReadOnlyList<string> HoldingIds, string ProjectState, long LogIndex, ReadOnlyMemory<byte> Leaf, ReadOnlyMemory<byte> Proof);
