using System.Buffers;

namespace Delivery.Protocol.Domain;

/// <summary>
/// The id STIL gives a research project: 3 to 32 capital letters, digits and hyphens, not starting with a hyphen.
/// </summary>
/// <param name="Value">The text; only <see cref="TryParse"/> checks it.</param>
public readonly record struct ProjectId(string Value) : IComparable<ProjectId>
{
    /// <summary>True when the text has the form <c>^[A-Z0-9][A-Z0-9-]{2,31}$</c>.</summary>
    public bool IsValid => IdentifierForm.Holds(Value, 32);

    /// <summary>Reads an id; false when the form is not met.</summary>
    public static bool TryParse(string? text, out ProjectId id)
    {
        id = new ProjectId(text ?? "");
        return id.IsValid;
    }

    /// <inheritdoc/>
    public int CompareTo(ProjectId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value ?? "";
}

/// <summary>The id of one extract: one approval version, one programme. Same alphabet as a project id, up to 64 characters.</summary>
/// <param name="Value">The text; only <see cref="TryParse"/> checks it.</param>
public readonly record struct ExtractId(string Value) : IComparable<ExtractId>
{
    /// <summary>True when the text has the form <c>^[A-Z0-9][A-Z0-9-]{2,63}$</c>.</summary>
    public bool IsValid => IdentifierForm.Holds(Value, 64);

    /// <summary>Reads an id; false when the form is not met.</summary>
    public static bool TryParse(string? text, out ExtractId id)
    {
        id = new ExtractId(text ?? "");
        return id.IsValid;
    }

    /// <inheritdoc/>
    public int CompareTo(ExtractId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value ?? "";
}

/// <summary>
/// The id of one holding (databeholdning): what a completed delivery or transfer left at Danmarks Statistik and someone
/// must later delete or archive. Same alphabet as a project id, up to 64 characters.
/// </summary>
/// <param name="Value">The text; only <see cref="TryParse"/> checks it.</param>
public readonly record struct HoldingId(string Value) : IComparable<HoldingId>
{
    /// <summary>True when the text has the form <c>^[A-Z0-9][A-Z0-9-]{2,63}$</c>.</summary>
    public bool IsValid => IdentifierForm.Holds(Value, 64);

    /// <summary>Reads an id; false when the form is not met.</summary>
    public static bool TryParse(string? text, out HoldingId id)
    {
        id = new HoldingId(text ?? "");
        return id.IsValid;
    }

    /// <inheritdoc/>
    public int CompareTo(HoldingId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value ?? "";
}

internal static class IdentifierForm
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    internal static bool Holds(string? text, int lengthMax) =>
        text is not null && text.Length >= 3 && text.Length <= lengthMax && text[0] != '-'
        && !text.AsSpan().ContainsAnyExcept(Allowed);
}
