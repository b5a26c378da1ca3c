using System.Net;
using System.Net.Sockets;
using System.Text;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;

namespace Delivery.EndToEnd;

/// <summary>What a service manager hears from a server, on a real socket of the kind systemd listens on.</summary>
public abstract class ServiceNoticeTests(StoreKind store)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_manager_hears_that_the_server_listens_once_it_does_and_when_it_stops(bool isAbstract)
    {
        using var manager = new ManagerSocket(isAbstract);
        var port = FreePort();
        await using var server = new RunningServer(store, ("NOTIFY_SOCKET", manager.Name), ("Delivery:Listen", $"127.0.0.1:{port}"));
        var starting = server.StartAsync();
        Assert.Equal("READY=1", await manager.HearAsync());

        // Whoever was waiting for the notice connects at once.
        using (var caller = new TcpClient())
        {
            await caller.ConnectAsync(IPAddress.Loopback, port);
        }

        await starting;
        await server.StopAsync();
        Assert.Equal("STOPPING=1", await manager.HearAsync());
        Assert.Equal(0, manager.Waiting);
    }

    [Fact]
    public async Task A_server_that_does_not_come_to_listen_says_nothing()
    {
        using var manager = new ManagerSocket(isAbstract: false);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await using var server = new RunningServer(store, ("NOTIFY_SOCKET", manager.Name), ("Delivery:Listen", other.LocalEndpoint.ToString()!));
        await Assert.ThrowsAnyAsync<IOException>(server.StartAsync);
        Assert.Equal(0, manager.Waiting);
    }

    [Fact]
    public async Task A_watched_server_gives_signs_of_life_until_it_stops()
    {
        using var manager = new ManagerSocket(isAbstract: false);
        await using var server = new RunningServer(
            store, ("NOTIFY_SOCKET", manager.Name), ("WATCHDOG_USEC", "20000"), ("WATCHDOG_PID", $"{Environment.ProcessId}"));
        await server.StartAsync();
        Assert.Equal("READY=1", await manager.HearAsync());
        Assert.Equal("WATCHDOG=1", await manager.HearAsync());
        Assert.Equal("WATCHDOG=1", await manager.HearAsync());
        await server.StopAsync();
        string heard;
        do
        {
            heard = await manager.HearAsync();
        }
        while (heard == "WATCHDOG=1");
        Assert.Equal("STOPPING=1", heard);
    }

    [Fact]
    public async Task A_watchdog_of_another_process_is_not_fed()
    {
        using var manager = new ManagerSocket(isAbstract: false);
        await using var server = new RunningServer(store, ("NOTIFY_SOCKET", manager.Name), ("WATCHDOG_USEC", "2"), ("WATCHDOG_PID", "1"));
        await server.StartAsync();
        await server.StopAsync();
        Assert.Equal(("READY=1", "STOPPING=1"), (await manager.HearAsync(), await manager.HearAsync()));
    }

    [Fact]
    public async Task A_manager_that_is_gone_does_not_keep_anybody_from_being_served()
    {
        await using var server = await RunningServer.StartNewAsync(store, ("NOTIFY_SOCKET", Path.Combine(Path.GetTempPath(), "no-such-socket")));
        Assert.Equal(0, (await ToolRun.AgainstAsync(server, "project", "list")).Code);
        Assert.Contains(server.Log.Lines, line => line.Contains("READY=1", StringComparison.Ordinal));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class ManagerSocket : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("delivery-notify-");
        private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

        public ManagerSocket(bool isAbstract)
        {
            var file = Path.Combine(_folder.FullName, "notify");
            Name = isAbstract ? "@" + file : file;
            _socket.Bind(new UnixDomainSocketEndPoint(isAbstract ? "\0" + file : file));
        }

        public string Name { get; }

        public int Waiting => _socket.Available;

        public async Task<string> HearAsync()
        {
            var buffer = new byte[4096];
            return Encoding.UTF8.GetString(buffer, 0, await _socket.ReceiveAsync(buffer));
        }

        public void Dispose()
        {
            _socket.Dispose();
            _folder.Delete(recursive: true);
        }
    }
}

public sealed class ServiceNoticeTestsOnSqlite() : ServiceNoticeTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class ServiceNoticeTestsOnPostgres() : ServiceNoticeTests(StoreKind.Postgres);
