using Delivery.Protocol.Domain;

namespace Delivery.Client.Refusals;

/// <summary>
/// Something was not done. Every public call of this library throws this, one of its kinds, or
/// <see cref="OperationCanceledException"/>. The text holds codes, ids and counts; never a row value, an identifier or a key.
/// </summary>
public class DeliveryClientException : Exception
{
    /// <summary>A refusal decided on this side.</summary>
    internal DeliveryClientException(ReasonCode reason, string subject = "", Exception? cause = null)
        : this([Violation.Of(reason, subject)], cause)
    {
    }

    private protected DeliveryClientException(IReadOnlyList<Violation> violations, Exception? cause)
        : base(string.Join(' ', violations), cause) => Violations = violations;

    /// <summary>The stable code of the first violation.</summary>
    public string Code => Violations[0].Code;

    /// <summary>Everything that was wrong; at least one.</summary>
    public IReadOnlyList<Violation> Violations { get; }
}
