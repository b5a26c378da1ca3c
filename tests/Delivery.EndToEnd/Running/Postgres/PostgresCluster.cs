using System.Globalization;
using System.Security.Cryptography;

namespace Delivery.EndToEnd.Running.Postgres;

/// <summary>
/// The cluster that all tests of one run share, each with databases of its own. It starts with the first test that needs it and ends with the run.
/// What it says is written need not survive a loss of power: it syncs nothing. Tests that take a server away start a <see cref="PostgresPair"/>.
/// </summary>
internal sealed class PostgresCluster
{
    private static readonly Lazy<PostgresCluster> Started = new(() => Task.Run(StartAsync).GetAwaiter().GetResult());

    private readonly PostgresNode _node;
    private int _databases;

    private PostgresCluster(PostgresNode node) => _node = node;

    public static PostgresCluster Shared => Started.Value;

    /// <summary>A new empty database, or a copy of another that nobody is connected to.</summary>
    public string CreateDatabase(string template = "template1")
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"delivery_{Interlocked.Increment(ref _databases)}");
        CreateDatabase(name, template);
        return name;
    }

    /// <summary>The same under a name that no other has.</summary>
    public void CreateDatabase(string name, string template) => Execute($"CREATE DATABASE {name} OWNER {PostgresNode.Owner} TEMPLATE {template}");

    /// <summary>Removes a database; whoever is connected to it is cut.</summary>
    public void DropDatabase(string name) => Execute($"DROP DATABASE {name} WITH (FORCE)");

    /// <summary>Cuts whoever is connected to a database.</summary>
    public void Disconnect(string name) => Execute($"SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = '{name}'");

    /// <summary>The settings of a connection as the role that owns the databases.</summary>
    public string ConnectionString(string database) => _node.ConnectionString(database, PostgresNode.Owner);

    /// <summary>The files in which the cluster keeps a database, with everything written so far.</summary>
    public IEnumerable<string> Files(string database, string id)
    {
        Task.Run(() => _node.ExecuteAsync("CHECKPOINT", database)).GetAwaiter().GetResult();
        return Directory.GetFiles(Path.Combine(_node.DataFolder, "base", id));
    }

    private static async Task<PostgresCluster> StartAsync()
    {
        var node = new PostgresNode(await PostgresInstallation.MakeFolderAsync(), "shared", RandomNumberGenerator.GetHexString(32));
        await node.InitializeAsync();
        await node.StartAsync("fsync=off", "full_page_writes=off");
        await node.MakeOwnerAsync();
        return new PostgresCluster(node);
    }

    private void Execute(string sql) => Task.Run(() => _node.ExecuteAsync(sql)).GetAwaiter().GetResult();
}
