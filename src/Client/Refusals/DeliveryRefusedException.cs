namespace Delivery.Client.Refusals;

/// <summary>The server refused a call. Repeating it unchanged gives the same answer.</summary>
public sealed class DeliveryRefusedException : DeliveryClientException
{
    internal DeliveryRefusedException(string status, IReadOnlyList<Violation> violations, Exception? cause = null)
        : base(violations, cause) => Status = status;

    /// <summary>The gRPC status it came with, for example <c>FailedPrecondition</c>.</summary>
    public string Status { get; }
}
