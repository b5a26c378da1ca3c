namespace Delivery.Protocol.Log;

/// <summary>
/// A value of the restricted canonical JSON that leaves are written in: text, integer, boolean, array or object.
/// There is no null and no fraction. Immutable.
/// </summary>
internal abstract record JsonValue
{
    private protected JsonValue()
    {
    }
}

/// <summary>Printable ASCII text (0x20–0x7e); the writer refuses anything else.</summary>
internal sealed record JsonText(string Value) : JsonValue;

/// <summary>An integer whose magnitude is below 2^53, so that every JSON reader holds it exactly.</summary>
internal sealed record JsonInteger(long Value) : JsonValue;

/// <summary>True or false.</summary>
internal sealed record JsonBoolean(bool Value) : JsonValue;

/// <summary>An ordered list. Records compare it by reference; compare the written bytes instead.</summary>
internal sealed record JsonArray(IReadOnlyList<JsonValue> Items) : JsonValue;

/// <summary>Members by name, held in the order they are written: by code unit.</summary>
internal sealed record JsonObject : JsonValue
{
    private readonly SortedList<string, JsonValue> _members = new(StringComparer.Ordinal);

    /// <summary>Takes the members in any order.</summary>
    /// <exception cref="CanonicalJsonException">Two members have the same name.</exception>
    public JsonObject(params IEnumerable<KeyValuePair<string, JsonValue>> members)
    {
        foreach (var (name, value) in members)
        {
            if (!_members.TryAdd(name, value))
            {
                throw new CanonicalJsonException(CanonicalJsonException.KeyOrder, 0);
            }
        }
    }

    /// <summary>The members, sorted by name.</summary>
    public IReadOnlyDictionary<string, JsonValue> Members => _members;
}
