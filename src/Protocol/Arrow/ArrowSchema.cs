using System.Collections.Immutable;

namespace Delivery.Protocol.Arrow;

/// <summary>One column: its name, type, whether a row may lack a value, and labels, units and notes as metadata.</summary>
internal sealed record ArrowField(string Name, ArrowType Type, bool Nullable, ArrowMetadata Metadata)
{
    public ArrowField(string name, ArrowType type, bool nullable)
        : this(name, type, nullable, ArrowMetadata.Empty)
    {
    }
}

/// <summary>The columns of a stream in their order. Immutable, compared by value, safe to share between threads.</summary>
internal sealed class ArrowSchema : IEquatable<ArrowSchema>
{
    /// <exception cref="ArgumentException">There is no field, or two fields have one name.</exception>
    public ArrowSchema(ImmutableArray<ArrowField> fields, ArrowMetadata metadata)
    {
        if (fields.IsDefaultOrEmpty)
        {
            // Without a column nothing bounds the row count of a batch.
            throw new ArgumentException("A schema has at least one field.", nameof(fields));
        }

        var names = new HashSet<string>(fields.Length, StringComparer.Ordinal);
        if (!fields.All(field => names.Add(field.Name)))
        {
            throw new ArgumentException("Two fields have the same name.", nameof(fields));
        }

        Fields = fields;
        Metadata = metadata;
        BufferCount = fields.Sum(field => field.Type.BufferCount);
        DictionaryIds = [.. fields.Where(field => field.Type.Kind == ArrowKind.Dictionary).Select(field => field.Type.DictionaryId).Distinct()];
    }

    public ArrowSchema(ImmutableArray<ArrowField> fields)
        : this(fields, ArrowMetadata.Empty)
    {
    }

    public ImmutableArray<ArrowField> Fields { get; }

    public ArrowMetadata Metadata { get; }

    /// <summary>How many buffers a record batch of this schema lists.</summary>
    public int BufferCount { get; }

    /// <summary>The dictionaries the fields refer to, each once, in the order of the fields.</summary>
    public ImmutableArray<long> DictionaryIds { get; }

    /// <summary>The position of a field, or -1.</summary>
    public int IndexOf(string name)
    {
        for (var index = 0; index < Fields.Length; index++)
        {
            if (string.Equals(Fields[index].Name, name, StringComparison.Ordinal))
            {
                return index;
            }
        }

        return -1;
    }

    public bool Equals(ArrowSchema? other) =>
        other is not null && Fields.AsSpan().SequenceEqual(other.Fields.AsSpan()) && Metadata.Equals(other.Metadata);

    public override bool Equals(object? obj) => Equals(obj as ArrowSchema);

    public override int GetHashCode() => HashCode.Combine(Fields.Length, Fields[0], Fields[^1], Metadata);
}
