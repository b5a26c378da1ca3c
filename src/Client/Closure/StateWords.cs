using Delivery.Protocol.Domain;

namespace Delivery.Client.Closure;

/// <summary>
/// What states are called in a confirmation. The words are part of the document's version 1: a file kept for years must still read as it
/// did, so they do not follow changes of wording elsewhere.
/// </summary>
internal static class StateWords
{
    public const string OpenHolding = "OPEN";

    /// <summary>The words for a project's state; null for none of version 1.</summary>
    public static Bilingual? OfProject(string state) => state switch
    {
        "APPROVED" => new("godkendt", "approved"),
        "DELIVERING" => new("under levering", "delivering"),
        "DELIVERED" => new("udleveret", "delivered"),
        "SUSPENDED" => new("sat i bero", "suspended"),
        "WITHDRAWN" => new("tilbagekaldt", "withdrawn"),
        "EXPIRED" => new("udløbet", "expired"),
        "OVERDUE" => new("frist overskredet", "overdue"),
        "CLOSED_DELETED" => new("afsluttet, slettet eller tilintetgjort", "closed, deleted or destroyed"),
        "CLOSED_ARCHIVED" => new("afsluttet, arkiveret", "closed, archived"),
        "CLOSED_NO_DATA" => new("afsluttet uden levering", "closed without data"),
        _ => null,
    };

    /// <summary>The words for a holding's state; null for none of version 1.</summary>
    public static Bilingual? OfHolding(string state) => state switch
    {
        "DELETED" => new("slettet", "deleted"),
        "DESTROYED" => new("tilintetgjort", "destroyed"),
        "ARCHIVED" => new("arkiveret", "archived"),
        OpenHolding => new("delvist slettet", "deleted in part"),
        _ => null,
    };
}
