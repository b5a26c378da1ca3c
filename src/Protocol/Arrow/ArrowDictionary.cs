using System.Collections.Immutable;

namespace Delivery.Protocol.Arrow;

/// <summary>
/// The values of a dictionary column, sent once before the first batch and never changed during a stream.
/// Immutable and compared by value.
/// </summary>
internal sealed class ArrowDictionary : IEquatable<ArrowDictionary>
{
    /// <exception cref="ArgumentException">More values than an int8 index can reach.</exception>
    public ArrowDictionary(long id, ImmutableArray<string> values)
    {
        if (values.IsDefault || values.Length > ArrowType.DictionaryValuesMax)
        {
            throw new ArgumentException($"A dictionary has at most {ArrowType.DictionaryValuesMax} values.", nameof(values));
        }

        Id = id;
        Values = values;
    }

    public long Id { get; }

    public ImmutableArray<string> Values { get; }

    /// <summary>The value an index read from a batch stands for.</summary>
    /// <exception cref="ArrowFormatException">The index is outside the dictionary.</exception>
    public string this[sbyte index] => (uint)index < (uint)Values.Length
        ? Values[index]
        : throw new ArrowFormatException(ArrowFormatCode.DictionaryIndexOutOfRange, $"A row points outside dictionary {Id}.");

    public bool Equals(ArrowDictionary? other) =>
        other is not null && Id == other.Id && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as ArrowDictionary);

    public override int GetHashCode() => HashCode.Combine(Id, Values.Length);
}
