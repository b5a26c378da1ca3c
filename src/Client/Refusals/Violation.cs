using Delivery.Protocol.Domain;

namespace Delivery.Client.Refusals;

/// <summary>One reason why something was refused, with words in both languages.</summary>
/// <param name="Code">Stable code, for example <c>A14</c>.</param>
/// <param name="TextDa">What happened, in Danish.</param>
/// <param name="TextEn">What happened, in English.</param>
/// <param name="RemedyDa">What to do next, in Danish.</param>
/// <param name="RemedyEn">What to do next, in English.</param>
/// <param name="Subject">The thing it is about, for example a field path; empty when it is the request as a whole.</param>
public sealed record Violation(string Code, string TextDa, string TextEn, string RemedyDa, string RemedyEn, string Subject)
{
    /// <summary>The English line that exception messages show.</summary>
    public override string ToString() =>
        $"{Code}: {TextEn}{(Subject.Length == 0 ? "" : $" ({Subject})")}. {RemedyEn}.";

    internal static Violation Of(ReasonCode reason, string subject = "") =>
        new(reason.Code, reason.Message.Danish, reason.Message.English, reason.Remedy.Danish, reason.Remedy.English, subject);
}
