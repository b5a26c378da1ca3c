using Delivery.Protocol.Domain;
using Delivery.Protocol.Log;

namespace Delivery.Client.Closure;

/// <summary>What the signed document of a confirmation says; docs/confirmation.md has its layout.</summary>
/// <param name="Holdings">The holdings confirmed, each once.</param>
/// <param name="LeafHash">Hash of the leaf that records it.</param>
/// <param name="LogIndex">That leaf's index.</param>
/// <param name="ProjectId">The project.</param>
/// <param name="ProjectState">Its state afterwards.</param>
internal sealed record ConfirmationFacts(
    IReadOnlyList<ConfirmedHolding> Holdings, LogHash LeafHash, long LogIndex, string ProjectId, string ProjectState)
{
    private const int Version = 1;

    private static readonly (string Name, FieldShape Shape)[] Fields =
    [
        ("leaf_hash", FieldShape.Hash), ("log_index", FieldShape.Count), ("project_id", FieldShape.Id), ("project_state", FieldShape.Code), ("v", FieldShape.Count),
    ];

    private static readonly (string Name, FieldShape Shape)[] HoldingFields =
    [
        ("delivered_on", FieldShape.Date), ("deletion_due", FieldShape.Date), ("holding_id", FieldShape.Id), ("row_count", FieldShape.Count), ("state", FieldShape.Code),
    ];

    /// <summary>Reads a document strictly; null when it is not exactly of the layout.</summary>
    public static ConfirmationFacts? Read(ReadOnlySpan<byte> document)
    {
        try
        {
            return CanonicalJson.Parse(document) is JsonObject { Members: var members } ? Read(members) : null;
        }
        catch (CanonicalJsonException)
        {
            return null;
        }
    }

    private static ConfirmationFacts? Read(IReadOnlyDictionary<string, JsonValue> document)
    {
        if (!Fit(document, Fields, others: 1)
            || Number(document, "v") != Version
            || StateWords.OfProject(Text(document, "project_state")) is null
            || document.GetValueOrDefault("holdings") is not JsonArray { Items: { Count: > 0 and <= FieldShapes.IdSetMax } items })
        {
            return null;
        }

        var holdings = items.Select(item => item is JsonObject { Members: var members } ? Holding(members) : null).OfType<ConfirmedHolding>().ToList();
        return holdings.DistinctBy(holding => holding.HoldingId).Count() == items.Count
            ? new ConfirmationFacts(
                holdings, LogHash.FromHex(Text(document, "leaf_hash")), Number(document, "log_index"), Text(document, "project_id"), Text(document, "project_state"))
            : null;
    }

    private static ConfirmedHolding? Holding(IReadOnlyDictionary<string, JsonValue> holding)
    {
        if (!Fit(holding, HoldingFields, others: 2)
            || holding.GetValueOrDefault("was_overdue") is not JsonBoolean wasOverdue
            || holding.GetValueOrDefault("ended_on") is not JsonText endedOn
            || StateWords.OfHolding(Text(holding, "state")) is null)
        {
            return null;
        }

        // A holding has a last day exactly when it has ended.
        var isOpen = Text(holding, "state") == StateWords.OpenHolding;
        return isOpen == (endedOn.Value.Length == 0) && (isOpen || FieldShapes.Fits(FieldShape.Date, endedOn))
            ? new ConfirmedHolding(
                Text(holding, "holding_id"),
                Text(holding, "state"),
                isOpen ? null : IsoDay.Read(endedOn.Value),
                Number(holding, "row_count"),
                IsoDay.Read(Text(holding, "delivered_on")),
                IsoDay.Read(Text(holding, "deletion_due")),
                wasOverdue.Value)
            : null;
    }

    private static bool Fit(IReadOnlyDictionary<string, JsonValue> members, (string Name, FieldShape Shape)[] fields, int others) =>
        members.Count == fields.Length + others
        && Array.TrueForAll(fields, field => members.TryGetValue(field.Name, out var value) && FieldShapes.Fits(field.Shape, value));

    private static string Text(IReadOnlyDictionary<string, JsonValue> members, string name) => ((JsonText)members[name]).Value;

    private static long Number(IReadOnlyDictionary<string, JsonValue> members, string name) => ((JsonInteger)members[name]).Value;
}
