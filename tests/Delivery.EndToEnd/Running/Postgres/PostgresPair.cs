using System.Security.Cryptography;
using Npgsql;

namespace Delivery.EndToEnd.Running.Postgres;

/// <summary>
/// A primary and its standby, which change places when the primary is lost. Everything is synced, as where power may fail. A synchronous pair answers
/// no commit before the standby has it; a promoted standby that has none itself yet answers at once. One test at a time uses it.
/// </summary>
internal sealed class PostgresPair : IAsyncDisposable
{
    private const string Database = "delivery";
    private const string Standbys = "ALTER SYSTEM SET synchronous_standby_names = ";

    // Enough for a standby that is made anew under load to find what it has missed.
    private static readonly string[] Settings = ["wal_keep_size=1GB"];

    private readonly string _folder;
    private readonly bool _isSynchronous;
    private readonly PostgresNode[] _nodes;

    private PostgresPair(string folder, bool isSynchronous)
    {
        (_folder, _isSynchronous) = (folder, isSynchronous);
        var password = RandomNumberGenerator.GetHexString(32);
        _nodes = [new PostgresNode(folder, "one", password), new PostgresNode(folder, "two", password)];
        (Primary, Standby) = (_nodes[0], _nodes[1]);
    }

    public PostgresNode Primary { get; private set; }

    public PostgresNode Standby { get; private set; }

    /// <summary>Leads to whichever of the two is the primary.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(_nodes[0].ConnectionString(Database, PostgresNode.Owner))
    {
        Host = string.Join(',', _nodes.Select(node => $"127.0.0.1:{node.Port}")),
        TargetSessionAttributes = "read-write",
        // A server that was a standby a moment ago may be the primary now; Npgsql would otherwise not ask it again for ten seconds.
        HostRecheckSeconds = 0,
    }.ToString();

    public static async Task<PostgresPair> StartAsync(bool isSynchronous)
    {
        var pair = new PostgresPair(await PostgresInstallation.MakeFolderAsync(), isSynchronous);
        try
        {
            await pair.Primary.InitializeAsync();
            await pair.Primary.StartAsync(Settings);
            await pair.Primary.MakeOwnerAsync();
            await pair.Primary.ExecuteAsync($"CREATE DATABASE {Database} OWNER {PostgresNode.Owner}");
            await pair.RebuildStandbyAsync();
            return pair;
        }
        catch
        {
            await pair.DisposeAsync();
            throw;
        }
    }

    /// <summary>The primary is gone from one moment to the next, as with its machine.</summary>
    public Task KillPrimaryAsync() => Primary.KillAsync();

    /// <summary>Makes the standby the primary, and waits until it takes writes. The lost one must be dead.</summary>
    public async Task PromoteStandbyAsync()
    {
        await Standby.ExecuteAsync("SELECT pg_promote(true, 600)");
        (Primary, Standby) = (Standby, Primary);
    }

    /// <summary>Makes a new standby in place of the lost one; when this returns it follows the primary, and with a synchronous pair every commit waits for it.</summary>
    public async Task RebuildStandbyAsync()
    {
        await Standby.CopyAsync(Primary);
        if (_isSynchronous)
        {
            await SetAsync(Primary, Standbys + "'*'");
        }

        // The copy was made before, so the standby knows of no standby of its own when it is promoted.
        await Standby.StartAsync(Settings);
        await Standby.SaysAsync("started streaming WAL from primary");
        await Primary.UntilAsync($"SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = '{(_isSynchronous ? "sync" : "async")}'", 1);
    }

    /// <summary>The standby hears no more of the primary, and neither knows of it.</summary>
    public async Task CutStandbyOffAsync()
    {
        await SetAsync(Standby, "ALTER SYSTEM SET primary_conninfo = ''");
        await Standby.UntilAsync("SELECT count(*) FROM pg_stat_wal_receiver", 0);
    }

    public async ValueTask DisposeAsync()
    {
        // The standby first: it would reach for a primary that is gone.
        await Standby.DisposeAsync();
        await Primary.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task SetAsync(PostgresNode node, string sql)
    {
        await node.ExecuteAsync(sql);
        await node.ExecuteAsync("SELECT pg_reload_conf()");
    }
}
