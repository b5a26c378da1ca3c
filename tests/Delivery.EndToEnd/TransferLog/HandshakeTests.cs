using System.Net.Sockets;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Delivery.Server.Hosting;
using Grpc.Core;

namespace Delivery.EndToEnd.TransferLog;

/// <summary>Those who are turned away before TLS is agreed.</summary>
public abstract class HandshakeTests(StoreKind store) : IAsyncLifetime
{
    private readonly RunningServer _server = WitnessedServer.Create(store);

    public Task InitializeAsync() => _server.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Any_number_of_failed_handshakes_is_one_leaf()
    {
        var before = _server.LogSize();
        var failures = _server.Get<HandshakeFailures>();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            using var plain = new TcpClient();
            await plain.ConnectAsync(_server.Address.Host, _server.Address.Port);
            await plain.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
            Assert.True(await plain.GetStream().ReadAsync(new byte[1]) is 0 or 1);
        }

        await Assert.ThrowsAsync<RpcException>(async () => await new CatalogueService.CatalogueServiceClient(_server.Channel(certificate: null)).ListTestsAsync(new ListTestsRequest()));
        await Questions.UntilAsync(() => failures.Waiting >= 4);
        var counted = failures.Waiting;
        await failures.RecordAsync();
        await failures.RecordAsync();

        var leaf = Assert.Single(_server.Leaves(before));
        Assert.Equal(
            (LeafType.AccessRefused, "CLIENT_CERTIFICATE_UNKNOWN", "tls-handshake", counted, false),
            (leaf.Type, leaf.Text("reason_code"), leaf.Text("method_name"), leaf.Number("count"), leaf.Has("spki_sha256")));
    }

    [Fact]
    public async Task Who_is_let_in_is_not_counted()
    {
        var before = _server.LogSize();
        await new CatalogueService.CatalogueServiceClient(_server.Channel("auditor")).ListTestsAsync(new ListTestsRequest());
        await _server.StopAsync();
        await _server.StartAsync();

        Assert.Equal(before, _server.LogSize());
    }

    [Fact]
    public async Task What_was_counted_is_recorded_when_the_server_stops()
    {
        var before = _server.LogSize();
        using (var plain = new TcpClient())
        {
            await plain.ConnectAsync(_server.Address.Host, _server.Address.Port);
        }

        await Questions.UntilAsync(() => _server.Get<HandshakeFailures>().Waiting == 1);
        await _server.StopAsync();
        await _server.StartAsync();

        Assert.Equal("tls-handshake", Assert.Single(_server.Leaves(before)).Text("method_name"));
    }
}

public sealed class HandshakeTestsOnSqlite() : HandshakeTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class HandshakeTestsOnPostgres() : HandshakeTests(StoreKind.Postgres);
