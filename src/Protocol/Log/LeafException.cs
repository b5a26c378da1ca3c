namespace Delivery.Protocol.Log;

/// <summary>
/// A leaf that the forms do not allow, whether it is being written or read. The text names the type and a field of
/// the form, never a value and never a name that came from outside.
/// </summary>
internal sealed class LeafException : Exception
{
    /// <summary>The bytes are not restricted canonical JSON, or not an object.</summary>
    public const string NotCanonical = "LEAF_NOT_CANONICAL";

    /// <summary>The leaf says a version other than <see cref="Leaf.Version"/>.</summary>
    public const string VersionUnknown = "LEAF_VERSION_UNKNOWN";

    /// <summary>The leaf says a type that no one defined.</summary>
    public const string TypeUnknown = "LEAF_TYPE_UNKNOWN";

    /// <summary>A field of the form is not there.</summary>
    public const string FieldMissing = "LEAF_FIELD_MISSING";

    /// <summary>A field is there that the form does not have.</summary>
    public const string FieldUnknown = "LEAF_FIELD_UNKNOWN";

    /// <summary>A value does not have the shape of its field.</summary>
    public const string FieldShapeWrong = "LEAF_FIELD_SHAPE";

    /// <summary>A value contains something shaped like a CPR number.</summary>
    public const string FieldCprShaped = "LEAF_FIELD_CPR_SHAPED";

    /// <summary>Two fields that bound a range are the wrong way round.</summary>
    public const string FieldOrder = "LEAF_FIELD_ORDER";

    public LeafException(string code, LeafType type, string? field = null)
        : base($"A {type.WireName()} leaf is refused: {code}{(field is null ? string.Empty : " at " + field)}.")
    {
        Code = code;
        Field = field;
    }

    public LeafException(string code, string? field = null, Exception? inner = null)
        : base($"A leaf is refused: {code}{(field is null ? string.Empty : " at " + field)}.", inner)
    {
        Code = code;
        Field = field;
    }

    /// <summary>One of the constants of this class.</summary>
    public string Code { get; }

    /// <summary>The field of the form at fault, where one can be named.</summary>
    public string? Field { get; }

    /// <summary>Refuses a value that does not fit its field.</summary>
    internal static void ThrowUnlessFits(LeafType type, string field, FieldShape shape, JsonValue value)
    {
        if (!FieldShapes.Fits(shape, value))
        {
            throw new LeafException(FieldShapeWrong, type, field);
        }

        if (FieldShapes.HoldsCpr(shape, value))
        {
            throw new LeafException(FieldCprShaped, type, field);
        }
    }
}
