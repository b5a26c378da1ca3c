using System.Globalization;
using System.Security.Cryptography;
using Delivery.EndToEnd.Running.Postgres;

namespace Delivery.Benchmarks.Stores;

/// <summary>A PostgreSQL server of the benchmark's own that syncs every commit, over TCP on this machine.</summary>
internal sealed class BenchmarkCluster : IAsyncDisposable
{
    private readonly PostgresNode _node;
    private readonly string _folder;
    private int _databases;

    private BenchmarkCluster(string folder, PostgresNode node) => (_folder, _node) = (folder, node);

    /// <summary>Why no server can be started here; null where one can.</summary>
    public static string? WhyAbsent => PostgresInstallation.WhyAbsent;

    /// <summary>What differs from PostgreSQL's defaults.</summary>
    public static IReadOnlyList<string> ServerSettings { get; } = ["shared_buffers=512MB", "max_wal_size=8GB", "wal_compression=off"];

    public static async Task<BenchmarkCluster> StartAsync()
    {
        var folder = await PostgresInstallation.MakeFolderAsync();
        var node = new PostgresNode(folder, "benchmark", RandomNumberGenerator.GetHexString(32));
        await node.InitializeAsync();
        await node.StartAsync(ServerSettings);
        await node.MakeOwnerAsync();
        return new BenchmarkCluster(folder, node);
    }

    public async Task<BenchmarkDatabase> CreateAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"benchmark_{++_databases}");
        await _node.ExecuteAsync($"CREATE DATABASE {name} OWNER {PostgresNode.Owner}");
        return new BenchmarkDatabase(_node.ConnectionString(name, PostgresNode.Owner));
    }

    /// <summary>Removes the newest database.</summary>
    public Task DropAsync() => _node.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"DROP DATABASE benchmark_{_databases} WITH (FORCE)"));

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
