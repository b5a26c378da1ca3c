namespace Delivery.Protocol.Log;

/// <summary>
/// One entry of the transfer log, read back from its exact bytes. The bytes are what is stored, hashed and proven;
/// they are composed once and never written again from a parsed leaf. Immutable.
/// </summary>
internal sealed class Leaf
{
    /// <summary>The version every leaf states as <c>v</c>.</summary>
    public const int Version = 1;

    internal const string VersionName = "v";
    internal const string TypeName = "t";
    internal const string TimestampName = "ts_ms";
    internal const string OriginName = "origin";
    internal const string IndexName = "index";
    internal const string ActorName = "actor";

    private readonly Dictionary<string, JsonValue> _members;

    private Leaf(LeafType type, long timestampMs, string origin, long index, LeafActor actor, Dictionary<string, JsonValue> members)
    {
        (Type, TimestampMs, Origin, Index, Actor) = (type, timestampMs, origin, index, actor);
        _members = members;
    }

    /// <summary>What it says happened.</summary>
    public LeafType Type { get; }

    /// <summary>When it was appended: milliseconds since 1970-01-01 UTC.</summary>
    public long TimestampMs { get; }

    /// <summary>Origin of the log it belongs to; a leaf moved to another log contradicts that log's checkpoints.</summary>
    public string Origin { get; }

    /// <summary>Its place in the log, from 0.</summary>
    public long Index { get; }

    /// <summary>Who caused it.</summary>
    public LeafActor Actor { get; }

    /// <summary>The project, or null for a type that names none.</summary>
    public string? ProjectId => Has(LeafForm.ProjectId) ? Text(LeafForm.ProjectId) : null;

    /// <summary>The extract, or null for a type that names none.</summary>
    public string? ExtractId => Has(LeafForm.ExtractId) ? Text(LeafForm.ExtractId) : null;

    /// <summary>The bytes of a leaf at its place in the log. Call it once per leaf and keep the answer.</summary>
    /// <exception cref="LeafException">The origin, index or time is misshaped.</exception>
    public static byte[] Compose(LeafDraft draft, string origin, long index, long timestampMs)
    {
        var envelope = new Dictionary<string, JsonValue>(StringComparer.Ordinal)
        {
            [VersionName] = new JsonInteger(Version),
            [TypeName] = new JsonText(draft.Type.WireName()),
            [TimestampName] = new JsonInteger(timestampMs),
            [OriginName] = new JsonText(origin),
            [IndexName] = new JsonInteger(index),
            [ActorName] = draft.Actor.ToJson(),
        };
        CheckEnvelope(draft.Type, envelope);
        return CanonicalJson.Write(new JsonObject(envelope.Concat(draft.Members)));
    }

    /// <summary>Reads a leaf and refuses whatever its form does not allow.</summary>
    /// <exception cref="LeafException">With the code that says what is wrong.</exception>
    public static Leaf Parse(ReadOnlySpan<byte> bytes)
    {
        var members = new Dictionary<string, JsonValue>(ParseObject(bytes).Members, StringComparer.Ordinal);
        if (Take(members, VersionName) is not JsonInteger { Value: Version })
        {
            throw new LeafException(LeafException.VersionUnknown, VersionName);
        }

        if (Take(members, TypeName) is not JsonText name || !LeafTypeNames.TryParse(name.Value, out var type))
        {
            throw new LeafException(LeafException.TypeUnknown, TypeName);
        }

        var envelope = new Dictionary<string, JsonValue>(StringComparer.Ordinal);
        foreach (var field in EnvelopeFields)
        {
            envelope.Add(field.Name, Take(members, field.Name));
        }

        CheckEnvelope(type, envelope);
        var actor = LeafActor.Read(type, Take(members, ActorName));
        LeafForms.Of(type).Check(members);
        return new Leaf(
            type,
            ((JsonInteger)envelope[TimestampName]).Value,
            ((JsonText)envelope[OriginName]).Value,
            ((JsonInteger)envelope[IndexName]).Value,
            actor,
            members);
    }

    /// <summary>Whether it has an optional field.</summary>
    public bool Has(string field) => _members.ContainsKey(field);

    /// <summary>The value of a code, id, date or school year.</summary>
    public string Text(string field) => ((JsonText)_members[field]).Value;

    /// <summary>The value of a count or time.</summary>
    public long Number(string field) => ((JsonInteger)_members[field]).Value;

    /// <summary>The value of a hash.</summary>
    public LogHash Hash(string field) => LogHash.FromHex(Text(field));

    /// <summary>The members of a set of ids, ascending.</summary>
    public IReadOnlyList<string> Texts(string field) =>
        [.. ((JsonArray)_members[field]).Items.Cast<JsonText>().Select(item => item.Value)];

    /// <summary>The scalar fields every leaf has beside its version and type.</summary>
    internal static IReadOnlyList<LeafField> EnvelopeFields { get; } =
    [
        new(TimestampName, FieldShape.TimeMs, "When it was appended, in milliseconds since 1970-01-01 UTC."),
        new(OriginName, FieldShape.Id, "Origin of the log."),
        new(IndexName, FieldShape.Count, "Its place in the log, from 0."),
    ];

    private static void CheckEnvelope(LeafType type, Dictionary<string, JsonValue> envelope)
    {
        foreach (var field in EnvelopeFields)
        {
            LeafException.ThrowUnlessFits(type, field.Name, field.Shape, envelope[field.Name]);
        }
    }

    private static JsonObject ParseObject(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return CanonicalJson.Parse(bytes) as JsonObject ?? throw new LeafException(LeafException.NotCanonical);
        }
        catch (CanonicalJsonException refusal)
        {
            throw new LeafException(LeafException.NotCanonical, inner: refusal);
        }
    }

    private static JsonValue Take(Dictionary<string, JsonValue> members, string name) =>
        members.Remove(name, out var value) ? value : throw new LeafException(LeafException.FieldMissing, name);
}
