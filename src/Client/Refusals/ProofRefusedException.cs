using Delivery.Protocol.Domain;

namespace Delivery.Client.Refusals;

/// <summary>
/// What arrived is not what it must be: a seal, a digest or a proof of the transfer log does not hold. Nothing of it may be
/// used, and someone should find out why. The code is <c>E_SEAL_REFUSED</c>, <c>E_PROOF_REFUSED</c> or <c>E_LOG_FORKED</c>.
/// </summary>
public sealed class ProofRefusedException : DeliveryClientException
{
    internal ProofRefusedException(ReasonCode reason, string subject, Exception? cause = null)
        : base(reason, subject, cause) => Detail = subject;

    /// <summary>Which check failed, a stable name such as <c>BatchAltered</c> or <c>LeafNotIncluded</c>.</summary>
    public string Detail { get; }
}
