using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Delivery.Client;
using Delivery.Client.Connection;
using Delivery.Client.Intake;
using Delivery.Client.Refusals;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Tests.Client;

/// <summary>A server with several addresses is reached as long as one of them serves, over real connections.</summary>
public sealed class ReplicaTests(TestServer server) : IClassFixture<TestServer>
{
    // Long enough for a handshake on a busy machine, short enough for a test that waits one out.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    private static readonly Uri Nobody = new("https://localhost:1");
    private static readonly Uri NobodyEither = new("https://localhost:2");

    [Fact]
    public async Task A_caller_is_answered_where_the_first_address_is_dead()
    {
        using var client = Open(Nobody, server.Address);
        Assert.Single(await client.Approvals.ListProjectsAsync());
        Assert.Single(await client.Approvals.ListProjectsAsync());
    }

    [Fact]
    public async Task A_name_nobody_knows_is_passed_over()
    {
        using var client = Open(new Uri("https://nobody.invalid:7443"), server.Address);
        Assert.Single(await client.Approvals.ListProjectsAsync());
    }

    [Fact]
    public async Task An_address_that_takes_connections_and_never_answers_is_left_after_the_connect_timeout()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var client = Open(new Uri($"https://localhost:{((IPEndPoint)silent.LocalEndpoint).Port}"), server.Address);
        Assert.Single(await client.Approvals.ListProjectsAsync());
    }

    [Fact]
    public async Task A_replica_with_the_name_of_another_is_passed_over_and_told_where_it_is_alone()
    {
        var misnamed = new UriBuilder(server.Address) { Host = "127.0.0.1" }.Uri;
        using (var client = Open(misnamed, server.Address))
        {
            Assert.Single(await client.Approvals.ListProjectsAsync());
        }

        using (var client = Open(misnamed, Nobody))
        {
            var refused = await Assert.ThrowsAsync<DeliveryClientException>(() => client.Approvals.ListProjectsAsync());
            Assert.Equal("E_SERVER_CERTIFICATE", refused.Code);
        }
    }

    [Fact]
    public async Task Where_none_serves_each_address_is_named_with_why()
    {
        var clock = new HastyClock();
        using var client = Open(clock, Nobody, NobodyEither);
        var refused = await Assert.ThrowsAsync<DeliveryClientException>(() => client.Approvals.ListProjectsAsync());
        Assert.Equal("E_SERVER_UNREACHABLE", refused.Code);
        Assert.Equal("localhost:1 ConnectionRefused, localhost:2 ConnectionRefused", refused.Violations[0].Subject);
        Assert.Equal([TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1)], clock.Waits);
    }

    [Fact]
    public async Task A_refusal_is_an_answer_and_is_not_sought_elsewhere()
    {
        using var client = Open(server.Address, Nobody);
        Assert.Equal("A14", (await Assert.ThrowsAsync<DeliveryRefusedException>(() => client.Approvals.GetProjectAsync("P-1"))).Code);
    }

    [Fact]
    public async Task A_stream_begins_where_the_first_address_is_dead()
    {
        using var connection = new ServerConnection(Options(TimeProvider.System, Nobody, server.Address));
        using var call = new Wire.TransferLogService.TransferLogServiceClient(connection.Invoker).ListEntries(new Wire.ListEntriesRequest());
        Assert.True(await call.ResponseStream.MoveNext(default));
        Assert.Equal(0, call.ResponseStream.Current.Index);
    }

    [Fact]
    public async Task An_import_is_sent_where_somebody_is_and_arrives_whole()
    {
        var file = server.At("elsewhere.csv");
        await File.WriteAllBytesAsync(file, RandomNumberGenerator.GetBytes(700_001));
        using var client = Open(Nobody, server.Address);
        Assert.Equal(700_001, (await client.Intake.ImportCsvAsync(file, new ImportOptions { SourceDeliveryId = "elsewhere" })).AcceptedRows);
    }

    [Fact]
    public async Task A_name_of_several_machines_is_answered_though_the_first_stays_silent_and_the_second_refuses()
    {
        using var silent = new TcpListener(IPAddress.Parse("127.0.0.2"), server.Address.Port);
        silent.Start();
        using var connection = new ServerConnection(
            Options(TimeProvider.System, server.Address),
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.3"), IPAddress.Loopback]));
        var client = new Wire.ApprovalService.ApprovalServiceClient(connection.Invoker);
        Assert.Single((await client.ListProjectsAsync(new Wire.ListProjectsRequest())).Projects);
        Assert.Single((await client.ListProjectsAsync(new Wire.ListProjectsRequest())).Projects);
    }

    [Fact]
    public void An_address_among_several_without_TLS_is_refused() =>
        Assert.Equal("E_SETTINGS", Assert.Throws<DeliveryClientException>(() => Open(server.Address, new Uri("http://localhost"))).Code);

    private DeliveryClient Open(params Uri[] addresses) => Open(TimeProvider.System, addresses);

    private DeliveryClient Open(TimeProvider clock, params Uri[] addresses) => new(Options(clock, addresses));

    private DeliveryClientOptions Options(TimeProvider clock, params Uri[] addresses) => new()
    {
        Address = addresses[0],
        OtherAddresses = addresses[1..],
        ConnectTimeout = ConnectTimeout,
        ServerRootsFile = server.At("roots.pem"),
        CertificateFile = server.At("known.pem"),
        KeyFile = server.At("known.key"),
        Clock = clock,
    };
}
