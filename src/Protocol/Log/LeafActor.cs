namespace Delivery.Protocol.Log;

/// <summary>
/// Who caused a leaf: an organisation and a role, never a person, and the key of the certificate they came with. The
/// server names itself for what it does on its own, such as an expiry.
/// </summary>
/// <param name="Organisation">Identifier of the organisation, as the role table has it.</param>
/// <param name="Role">The role it acted in.</param>
/// <param name="SpkiSha256">SHA-256 of the certificate's SubjectPublicKeyInfo.</param>
internal sealed record LeafActor(string Organisation, string Role, LogHash SpkiSha256)
{
    private const string OrganisationName = "organisation";
    private const string RoleName = "role";
    private const string SpkiName = "spki_sha256";

    /// <summary>The fields of an actor; the same for every type of leaf.</summary>
    public static IReadOnlyList<LeafField> Fields { get; } =
    [
        new(OrganisationName, FieldShape.Id, "The organisation."),
        new(RoleName, FieldShape.Id, "The role it acted in."),
        new(SpkiName, FieldShape.Hash, "SHA-256 of the certificate's SubjectPublicKeyInfo."),
    ];

    internal JsonObject ToJson() => new(
        new(OrganisationName, new JsonText(Organisation)),
        new(RoleName, new JsonText(Role)),
        new(SpkiName, new JsonText(SpkiSha256.ToString())));

    /// <summary>Reads an actor and refuses one with other fields or misshaped ones.</summary>
    internal static LeafActor Read(LeafType type, JsonValue value)
    {
        if (value is not JsonObject { Members: var members } || members.Count != Fields.Count)
        {
            throw new LeafException(LeafException.FieldShapeWrong, type, Leaf.ActorName);
        }

        foreach (var field in Fields)
        {
            if (!members.TryGetValue(field.Name, out var member))
            {
                throw new LeafException(LeafException.FieldMissing, type, field.Name);
            }

            LeafException.ThrowUnlessFits(type, field.Name, field.Shape, member);
        }

        return new LeafActor(
            ((JsonText)members[OrganisationName]).Value,
            ((JsonText)members[RoleName]).Value,
            LogHash.FromHex(((JsonText)members[SpkiName]).Value));
    }
}
