namespace Delivery.Protocol.Domain;

/// <summary>
/// The same statement in Danish and English. Every label, warning and refusal a person may meet is one of these,
/// so that neither language can be forgotten.
/// </summary>
/// <param name="Danish">The Danish wording.</param>
/// <param name="English">The English wording.</param>
public sealed record Bilingual(string Danish, string English)
{
    /// <summary>Both wordings on one line, Danish first, the form used where only one string fits.</summary>
    public override string ToString() => $"{Danish} / {English}";
}
