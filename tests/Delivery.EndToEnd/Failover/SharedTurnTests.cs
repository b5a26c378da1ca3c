using System.Diagnostics;
using System.Globalization;
using System.Net;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Server.Storage.Postgres;
using Grpc.Core;

namespace Delivery.EndToEnd.Failover;

/// <summary>The turn that all servers wait for, the number each is known by, and the checkpoints one signs for all. A file has one server.</summary>
[OneStore]
[NeedsPostgres]
public sealed class SharedTurnTests
{
    private static readonly string Turn = PostgresSession.TurnLock.ToString(CultureInfo.InvariantCulture);

    private static readonly string Waiting =
        $"FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = {Turn} AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    [Fact]
    public async Task A_wait_for_the_turn_that_somebody_cancels_ends_one_change_and_no_more()
    {
        await using var server = await RunningServer.StartNewAsync(StoreKind.Postgres);
        await using (var other = server.Database.Open())
        {
            await other.NumberAsync($"SELECT 1::bigint FROM pg_advisory_lock({Turn})");
            var push = server.PushAsync(SampleApproval.Of(server, "CANCELLED"));
            while (await other.NumberAsync($"SELECT count(*) {Waiting}") == 0)
            {
            }

            await other.NumberAsync($"SELECT count(pg_cancel_backend(pid)) {Waiting}");
            // That it failed is a leaf too, which waits for the turn as everything does.
            await other.NumberAsync($"SELECT count(pg_advisory_unlock({Turn}))");
            await Assert.ThrowsAsync<RpcException>(() => push);
        }

        await server.PushAsync(SampleApproval.Of(server, "NEXT"));
        await server.PushAsync(SampleApproval.Of(server, "CANCELLED"));
    }

    [Fact]
    public async Task A_server_whose_number_was_taken_back_goes_on_under_another()
    {
        await using var server = await RunningServer.StartNewAsync(StoreKind.Postgres);
        await using var other = server.Database.Open();
        var before = await other.NumberAsync("DELETE FROM store_replica RETURNING replica_id");
        await server.PushAsync(SampleApproval.Of(server, "AFTER"));
        Assert.True(await other.NumberAsync("SELECT replica_id FROM store_replica") > before);
    }

    [Fact]
    public async Task A_server_that_leaves_the_signing_to_another_stays_ready_while_the_log_grows()
    {
        using var database = new PostgresDatabase();
        await using var fleet = new Fleet(database.Settings, 2, ("Delivery:Health:CheckpointAgeMax", "00:00:05"));
        // The first to come leads.
        await fleet.Replicas[0].StartAsync();
        await fleet.Replicas[1].StartAsync();
        Applicants[] applicants = [new(fleet, 0, "GROWS"), new(fleet, 0, "AND-GROWS"), new(fleet, 1, "STILL-GROWS")];
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromSeconds(12))
        {
            Assert.Equal(HttpStatusCode.OK, (await fleet.Replicas[1].ReadinessAsync()).Status);
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        await Task.WhenAll(applicants.Select(one => one.EndAsync()));
    }
}
