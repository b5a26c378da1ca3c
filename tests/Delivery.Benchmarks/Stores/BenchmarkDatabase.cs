namespace Delivery.Benchmarks.Stores;

/// <summary>An empty database of a <see cref="BenchmarkCluster"/>.</summary>
internal sealed record BenchmarkDatabase(string ConnectionString)
{
    public IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        new("Delivery:Database:Provider", "Postgres"),
        new("Delivery:Database:ConnectionString", ConnectionString),
    ];
}
