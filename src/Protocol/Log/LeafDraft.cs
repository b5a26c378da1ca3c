using Delivery.Protocol.Domain;

namespace Delivery.Protocol.Log;

/// <summary>
/// A leaf before the appender gives it an origin, an index and a time. There is one factory per type, so a draft
/// that exists has the fields of its form; a value of the wrong shape, or one shaped like a CPR number, is refused
/// here and not in the middle of a transaction. Immutable.
/// </summary>
/// <remarks>Every factory throws <see cref="LeafException"/> for a value its field does not allow.</remarks>
internal sealed partial class LeafDraft
{
    private LeafDraft(
        LeafType type,
        LeafActor actor,
        string? projectId,
        string? extractId,
        params ReadOnlySpan<(string Name, JsonValue? Value)> fields)
    {
        var members = new Dictionary<string, JsonValue>(StringComparer.Ordinal);
        if (projectId is not null)
        {
            members.Add(LeafForm.ProjectId, new JsonText(projectId));
        }

        if (extractId is not null)
        {
            members.Add(LeafForm.ExtractId, new JsonText(extractId));
        }

        foreach (var (name, value) in fields)
        {
            if (value is not null)
            {
                members.Add(name, value);
            }
        }

        LeafForms.Of(type).Check(members);
        LeafActor.Read(type, actor.ToJson());
        (Type, Actor, ProjectId, ExtractId, Members) = (type, actor, projectId, extractId, members);
    }

    /// <summary>What it says happened.</summary>
    public LeafType Type { get; }

    /// <summary>Who caused it.</summary>
    public LeafActor Actor { get; }

    /// <summary>The project, for the types that have one.</summary>
    public string? ProjectId { get; }

    /// <summary>The extract, for the types that have one.</summary>
    public string? ExtractId { get; }

    /// <summary>The subject ids and the type's own fields, by name.</summary>
    internal IReadOnlyDictionary<string, JsonValue> Members { get; }

    private static JsonText Text(string value) => new(value);

    private static JsonText Text(LogHash value) => new(value.ToString());

    private static JsonInteger Number(long value) => new(value);

    private static JsonText Day(DateOnly day) => new(IsoDay.Text(day));

    private static JsonInteger Moment(DateTimeOffset moment) => new(moment.ToUnixTimeMilliseconds());

    // A set has one form: sorted by byte. A repeated member is left for the form to refuse.
    private static JsonArray Set(IEnumerable<string> ids) => new([.. ids.Order(StringComparer.Ordinal).Select(Text)]);
}
