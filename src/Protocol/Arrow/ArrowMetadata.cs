using System.Collections;

namespace Delivery.Protocol.Arrow;

/// <summary>
/// Custom metadata of a field or schema: text keys and values in a fixed order, each key once.
/// Immutable and compared by value; the order counts, since it decides the bytes and thereby the fingerprint.
/// </summary>
internal sealed class ArrowMetadata : IReadOnlyList<KeyValuePair<string, string>>, IEquatable<ArrowMetadata>
{
    private readonly KeyValuePair<string, string>[] pairs;

    /// <exception cref="ArgumentException">A key occurs twice.</exception>
    public ArrowMetadata(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        this.pairs = [.. pairs];
        var keys = new HashSet<string>(this.pairs.Length, StringComparer.Ordinal);
        if (!this.pairs.All(pair => keys.Add(pair.Key)))
        {
            throw new ArgumentException("A metadata key occurs twice.", nameof(pairs));
        }
    }

    public static ArrowMetadata Empty { get; } = new([]);

    public int Count => pairs.Length;

    public KeyValuePair<string, string> this[int index] => pairs[index];

    public static ArrowMetadata Of(params ReadOnlySpan<(string Key, string Value)> pairs)
    {
        var list = new List<KeyValuePair<string, string>>(pairs.Length);
        foreach (var (key, value) in pairs)
        {
            list.Add(new(key, value));
        }

        return new(list);
    }

    /// <summary>The value of a key, or null where the key is not there.</summary>
    public string? Find(string key) =>
        Array.Find(pairs, pair => string.Equals(pair.Key, key, StringComparison.Ordinal)).Value;

    public bool Equals(ArrowMetadata? other) => other is not null && pairs.AsSpan().SequenceEqual(other.pairs);

    public override bool Equals(object? obj) => Equals(obj as ArrowMetadata);

    public override int GetHashCode() => pairs.Length == 0 ? 0 : HashCode.Combine(pairs.Length, pairs[0].Key, pairs[^1].Key);

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => pairs.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => pairs.GetEnumerator();
}
