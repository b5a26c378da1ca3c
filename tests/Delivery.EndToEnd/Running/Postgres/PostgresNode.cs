using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Npgsql;

namespace Delivery.EndToEnd.Running.Postgres;

/// <summary>
/// One PostgreSQL server on 127.0.0.1 with a data folder of its own, which it keeps over restarts, as it does its port. One test at a time starts
/// and stops it; any number may connect.
/// </summary>
internal sealed class PostgresNode(string folder, string name, string password) : IAsyncDisposable
{
    /// <summary>The role of the cluster's administrator.</summary>
    public const string Administrator = "administrator";

    /// <summary>The role of the servers under test, which owns their databases and nothing else.</summary>
    public const string Owner = "delivery";

    private const string Listens = "database system is ready to accept";
    private const string ClashOfPorts = "could not create any TCP/IP sockets";

    // Below what Linux gives to connections that go out, so that nobody takes the port while the server is down.
    private const int PortMin = 20_000, PortMax = 32_000;

    private WatchedProcess? _process;

    public string DataFolder { get; } = Path.Combine(folder, name);

    public int Port { get; private set; }

    /// <summary>Makes an empty cluster, with a password for every role and every connection.</summary>
    public async Task InitializeAsync()
    {
        var file = Path.Combine(folder, name + ".password");
        await File.WriteAllTextAsync(file, password);
        if (!OperatingSystem.IsWindows())
        {
            // The folder it lies in is entered by nobody else.
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        }

        await PostgresInstallation.RunAsync(
            PostgresInstallation.Command(
                "initdb", "--pgdata", DataFolder, "--username", Administrator, "--pwfile", file, "--auth", "scram-sha-256", "--encoding", "UTF8", "--no-locale", "--no-sync"),
            folder);
        File.Delete(file);
    }

    /// <summary>Becomes a standby of another server: everything it had gives way to a copy of that.</summary>
    public async Task CopyAsync(PostgresNode primary)
    {
        if (Directory.Exists(DataFolder))
        {
            Directory.Delete(DataFolder, recursive: true);
        }

        var source = string.Create(CultureInfo.InvariantCulture, $"host=127.0.0.1 port={primary.Port} user={Administrator} password={password}");
        await PostgresInstallation.RunAsync(
            PostgresInstallation.Command("pg_basebackup", "--pgdata", DataFolder, "--dbname", source, "--checkpoint", "fast", "--wal-method", "stream", "--write-recovery-conf", "--no-sync"),
            folder);
    }

    /// <summary>Starts it, and waits until it takes connections.</summary>
    public async Task StartAsync(params IReadOnlyList<string> settings)
    {
        while (true)
        {
            var port = Port == 0 ? FreePort() : Port;
            _process = new WatchedProcess(folder, PostgresInstallation.BoundCommand("postgres", [.. Arguments(port, settings)]));
            if (await _process.SaysAsync(Listens))
            {
                Port = port;
                return;
            }

            var said = string.Join('\n', _process.Said);
            await _process.DisposeAsync();
            if (Port != 0 || !said.Contains(ClashOfPorts, StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"PostgreSQL did not start: {said}");
            }
        }
    }

    /// <summary>Waits until it has written something to its log since its start.</summary>
    public async Task SaysAsync(string text)
    {
        if (!await _process!.SaysAsync(text))
        {
            throw new InvalidOperationException($"PostgreSQL ended and never said '{text}': {string.Join('\n', _process.Said)}");
        }
    }

    /// <summary>SIGKILL for the whole server at one time, as if its machine was lost; nothing of it is left when this returns.</summary>
    public async Task KillAsync()
    {
        var memory = File.ReadLines(Path.Combine(DataFolder, "postmaster.pid")).ElementAt(6).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^1];
        await _process!.KillAsync(DataFolder);
        await _process.DisposeAsync();
        // What only a server that ends by itself, or starts again here, would give back.
        await PostgresInstallation.RunAsync(["ipcrm", "--shmem-id", memory], folder);
    }

    /// <summary>The settings of a connection to this server alone.</summary>
    public string ConnectionString(string database, string user) => new NpgsqlConnectionStringBuilder
    {
        Host = IPAddress.Loopback.ToString(),
        Port = Port,
        Database = database,
        Username = user,
        Password = password,
        IncludeErrorDetail = true,
    }.ToString();

    /// <summary>Executes one statement as the administrator.</summary>
    public async Task ExecuteAsync(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database, Administrator) + ";Pooling=False");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Asks until the answer is as awaited, on one connection.</summary>
    public async Task UntilAsync(string sql, long answer)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres", Administrator) + ";Pooling=False");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        while (await command.ExecuteScalarAsync() as long? != answer)
        {
        }
    }

    /// <summary>Makes the role of the servers under test.</summary>
    public Task MakeOwnerAsync() => ExecuteAsync($"CREATE ROLE {Owner} LOGIN PASSWORD '{password}'");

    /// <summary>Stops it, if it runs, in good order.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await process.DisposeAsync();
        }
    }

    /// <summary>Lets go of it as a run of tests that is killed does.</summary>
    public Task AbandonAsync() => _process!.AbandonAsync();

    private IEnumerable<string> Arguments(int port, IReadOnlyList<string> settings) => new[]
    {
        string.Create(CultureInfo.InvariantCulture, $"port={port}"),
        "listen_addresses=127.0.0.1",
        $"unix_socket_directories={folder}",
        // Files of the data folder, which goes when the tests end, rather than of the machine.
        "dynamic_shared_memory_type=mmap",
        // Two servers under test, each with a pool, their processes and what the tests look up beside them.
        "max_connections=200",
    }.Concat(settings).SelectMany(setting => new[] { "-c", setting }).Prepend(DataFolder).Prepend("-D");

    /// <summary>A port that nobody listens on now, and that none is given that goes out.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(PortMin, PortMax);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody else's.
            }
        }
    }
}
