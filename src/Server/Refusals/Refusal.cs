using Delivery.Protocol.Domain;

namespace Delivery.Server.Refusals;

/// <summary>One violated rule. Words and status come from the rule; <paramref name="Subject"/> names the thing, never a row's value.</summary>
internal sealed record Refusal(ReasonCode Reason, string Subject = "");

/// <summary>
/// Carries refusals out of a transaction, so that throwing it rolls the change back, to the edge, where it becomes a gRPC status with
/// one <c>google.rpc.ErrorInfo</c> per violation.
/// </summary>
internal sealed class RefusedException(params IReadOnlyList<Refusal> refusals)
    : Exception(string.Join("; ", refusals.Select(refusal => $"{refusal.Reason.Code} {refusal.Subject}".TrimEnd())))
{
    /// <summary>At least one; the first decides the status.</summary>
    public IReadOnlyList<Refusal> Refusals => refusals;

    /// <summary>The code of the first refusal: what the log records.</summary>
    public string Code => refusals[0].Reason.Code;

    /// <summary>A refusal by one rule of the catalogue.</summary>
    public static RefusedException By(string code, string subject = "") => new(new Refusal(ReasonCatalogue.Get(code), subject));
}
