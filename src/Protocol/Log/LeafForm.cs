namespace Delivery.Protocol.Log;

/// <summary>Whether leaves of a type name a project or an extract.</summary>
internal enum Subject
{
    /// <summary>The id is absent, always.</summary>
    None,

    /// <summary>The id is there, always.</summary>
    Required,
}

/// <summary>One field that a type of leaf has beyond those every leaf has.</summary>
/// <param name="Name">Its name in the bytes.</param>
/// <param name="Shape">What its value looks like.</param>
/// <param name="Meaning">One sentence for the schema: what it says, in which unit.</param>
/// <param name="Optional">True when it may be left out.</param>
internal sealed record LeafField(string Name, FieldShape Shape, string Meaning, bool Optional = false);

/// <summary>Two fields of which the lower may not pass the upper.</summary>
/// <param name="Lower">Name of the field that comes first.</param>
/// <param name="Upper">Name of the field that comes last.</param>
/// <param name="MayBeEqual">False when the range between them must hold something.</param>
internal sealed record LeafOrder(string Lower, string Upper, bool MayBeEqual);

/// <summary>The form of one type of leaf. The forms are held once, in <see cref="LeafForms"/>.</summary>
/// <param name="Type">The type this is the form of.</param>
/// <param name="Meaning">What a leaf of the type promises.</param>
/// <param name="Project">Whether it names a project.</param>
/// <param name="Extract">Whether it names an extract.</param>
/// <param name="Fields">Its own fields.</param>
internal sealed record LeafForm(
    LeafType Type, string Meaning, Subject Project, Subject Extract, IReadOnlyList<LeafField> Fields)
{
    /// <summary>Name of the project id in every leaf that has one.</summary>
    public const string ProjectId = "project_id";

    /// <summary>Name of the extract id in every leaf that has one.</summary>
    public const string ExtractId = "extract_id";

    /// <summary>A pair of fields in order, where the type has one.</summary>
    public LeafOrder? Order { get; init; }

    /// <summary>Two optional fields that come together or not at all, where the type has such.</summary>
    public (string First, string Second)? Together { get; init; }

    /// <summary>The fields with the subject ids in front, as a reader meets them.</summary>
    public IEnumerable<LeafField> AllFields()
    {
        if (Project is Subject.Required)
        {
            yield return new LeafField(ProjectId, FieldShape.Id, "The research project.");
        }

        if (Extract is Subject.Required)
        {
            yield return new LeafField(ExtractId, FieldShape.Id, "The extract.");
        }

        foreach (var field in Fields)
        {
            yield return field;
        }
    }

    /// <summary>Checks everything a leaf has beyond the envelope.</summary>
    /// <exception cref="LeafException">A field is missing, extra, misshaped, CPR-shaped or out of order.</exception>
    public void Check(IReadOnlyDictionary<string, JsonValue> members)
    {
        var expected = 0;
        foreach (var field in AllFields())
        {
            if (!members.TryGetValue(field.Name, out var value))
            {
                if (!field.Optional)
                {
                    throw new LeafException(LeafException.FieldMissing, Type, field.Name);
                }

                continue;
            }

            expected++;
            LeafException.ThrowUnlessFits(Type, field.Name, field.Shape, value);
        }

        // The names themselves are not repeated: they came from outside.
        if (expected != members.Count)
        {
            throw new LeafException(LeafException.FieldUnknown, Type);
        }

        CheckOrder(members);
        CheckTogether(members);
    }

    private void CheckOrder(IReadOnlyDictionary<string, JsonValue> members)
    {
        if (Order is null)
        {
            return;
        }

        // Dates in the form YYYY-MM-DD sort as text.
        var sign = (members[Order.Lower], members[Order.Upper]) switch
        {
            (JsonInteger lower, JsonInteger upper) => lower.Value.CompareTo(upper.Value),
            (JsonText lower, JsonText upper) => string.CompareOrdinal(lower.Value, upper.Value),
            _ => 1,
        };
        if (sign > 0 || (sign == 0 && !Order.MayBeEqual))
        {
            throw new LeafException(LeafException.FieldOrder, Type, Order.Upper);
        }
    }

    private void CheckTogether(IReadOnlyDictionary<string, JsonValue> members)
    {
        if (Together is var (first, second) && members.ContainsKey(first) != members.ContainsKey(second))
        {
            throw new LeafException(LeafException.FieldMissing, Type, second);
        }
    }
}
