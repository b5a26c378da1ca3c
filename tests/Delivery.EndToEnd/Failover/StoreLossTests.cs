using System.Net;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Operations;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.V1;
using Delivery.Server.Storage;
using Grpc.Core;
using Npgsql;

namespace Delivery.EndToEnd.Failover;

/// <summary>A database that is away for a while, or has no connection left. Servers tell callers and health checks, and go on by themselves. A file has no connection.</summary>
[OneStore]
[NeedsPostgres]
public sealed class StoreLossTests
{
    private static readonly (string, string) Door = ("Delivery:Health:Listen", "127.0.0.1:0");

    [Fact]
    public async Task A_database_that_is_stopped_in_good_order_and_started_again_is_found_again()
    {
        await using var pair = await PostgresPair.StartAsync(isSynchronous: true);
        await using var fleet = new Fleet(Fleet.On(pair.ConnectionString), 1, ("Delivery:Database:RecoveryTimeout", "00:00:01"));
        await fleet.StartAsync();
        var before = await fleet.Home.PushAsync(SampleApproval.Of(fleet.Home, "BEFORE"));
        await pair.Primary.DisposeAsync();
        await fleet.Replicas[0].UntilAsync(HttpStatusCode.ServiceUnavailable, "store no-service E_STORE_UNAVAILABLE\n");
        await RefusedCall.ExpectAsync("E_STORE_UNAVAILABLE", StatusCode.Unavailable, () => fleet.Home.PushAsync(SampleApproval.Of(fleet.Home, "MEANWHILE")));
        await RefusedCall.ExpectAsync("E_STORE_UNAVAILABLE", StatusCode.Unavailable, async () => await ReadAsync(fleet.Home, "BEFORE"));

        await pair.Primary.StartAsync();
        await fleet.Replicas[0].UntilAsync(HttpStatusCode.OK, "store ok\n");
        Assert.Equal("BEFORE", (await ReadAsync(fleet.Home, "BEFORE")).Project.ProjectId);
        Assert.True((await fleet.Home.PushAsync(SampleApproval.Of(fleet.Home, "AFTER"))).LogIndex > before.LogIndex);
    }

    [Fact]
    public async Task A_reader_without_a_connection_is_told_that_the_store_is_busy()
    {
        await using var server = await RunningServer.StartNewAsync(StoreKind.Postgres, Door, ("Delivery:Database:PoolSizeMax", "4"));
        await server.PushAsync(SampleApproval.Of(server, "BUSY"));
        var store = server.Get<Store>();
        var held = Enumerable.Range(0, 4).Select(_ => store.OpenReader()).ToList();
        await RefusedCall.ExpectAsync("E_STORE_BUSY", StatusCode.ResourceExhausted, async () => await ReadAsync(server, "BUSY"));
        held.ForEach(connection => connection.Dispose());
        Assert.Equal("BUSY", (await ReadAsync(server, "BUSY")).Project.ProjectId);
    }

    [Fact]
    public async Task Connections_that_somebody_ends_are_replaced()
    {
        await using var server = await RunningServer.StartNewAsync(StoreKind.Postgres, Door);
        await server.PushAsync(SampleApproval.Of(server, "CUT"));
        for (var time = 0; time < 5; time++)
        {
            Assert.Equal("CUT", (await ReadAsync(server, "CUT")).Project.ProjectId);
            using (var connection = server.Database.Open())
            using (var command = new NpgsqlCommand("SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE application_name = 'delivery' AND datname = current_database()", (NpgsqlConnection)connection))
            {
                command.ExecuteNonQuery();
            }

            // The writer is back with the answer; a reader may meet a connection that is gone once more.
            await server.PushAsync(SampleApproval.Of(server, $"CUT-{time}"));
            await SettledAsync(server);
        }
    }

    // What is refused meanwhile is refused as what it is.
    private static async Task SettledAsync(RunningServer server)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!patience.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(server, "CUT");
                if ((await server.GetAsync("readyz")).Status == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (RpcException refused)
            {
                Assert.Equal("E_STORE_UNAVAILABLE", Assert.Single(RefusedCall.Of(refused).Codes));
            }
        }

        Assert.Fail("The server never goes on.");
    }

    private static async Task<GetProjectResponse> ReadAsync(RunningServer server, string projectId) =>
        await new ApprovalService.ApprovalServiceClient(server.Channel("stil-approvals")).GetProjectAsync(new GetProjectRequest { ProjectId = projectId });
}
