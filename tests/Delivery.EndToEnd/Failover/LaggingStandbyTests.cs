using System.Net;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.V1;
using Grpc.Core;

namespace Delivery.EndToEnd.Failover;

/// <summary>A standby that was not synchronous is promoted without what was answered last. No server that knows better serves from it. A file has no standby.</summary>
[OneStore]
[NeedsPostgres]
public sealed class LaggingStandbyTests
{
    private const string Lost = "LOST";

    [Fact]
    public async Task Servers_stop_rather_than_serve_a_database_that_lost_what_was_answered()
    {
        await using var pair = await PostgresPair.StartAsync(isSynchronous: false);
        await using var fleet = new Fleet(Fleet.On(pair.ConnectionString), 2);
        await fleet.StartAsync();
        await fleet.Home.PushAsync(SampleApproval.Of(fleet.Home, "KEPT"));
        await pair.Primary.UntilAsync("SELECT count(*) FROM pg_stat_replication WHERE replay_lsn >= pg_current_wal_lsn()", 1);
        await pair.CutStandbyOffAsync();
        var lost = await fleet.Home.PushAsync(SampleApproval.Of(fleet.Home, Lost));
        // The other server has heard of it once it stands in its pin.
        while (!fleet.Replicas.All(replica => Pinned(replica) > lost.LogIndex))
        {
            await Task.Yield();
        }

        // From here on, whoever gets an answer about the project gets that it is there.
        var asking = fleet.Replicas.Select(replica => AskAsync(fleet, replica)).ToList();
        await pair.KillPrimaryAsync();
        await pair.PromoteStandbyAsync();
        foreach (var replica in fleet.Replicas)
        {
            Assert.Equal(3, await replica.EndsAsync());
            Assert.Matches("lost what was acknowledged|this is an older copy of the database", replica.Said);
        }

        await Task.WhenAll(asking);
        foreach (var replica in fleet.Replicas)
        {
            Assert.Equal(1, await replica.RefuseAsync());
            Assert.Contains("this is an older copy of the database", replica.Said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_server_killed_before_the_loss_knows_from_its_pin()
    {
        await using var pair = await PostgresPair.StartAsync(isSynchronous: false);
        await using var fleet = new Fleet(Fleet.On(pair.ConnectionString), 1);
        await fleet.StartAsync();
        await pair.Primary.UntilAsync("SELECT count(*) FROM pg_stat_replication WHERE replay_lsn >= pg_current_wal_lsn()", 1);
        await pair.CutStandbyOffAsync();
        var lost = await fleet.Home.PushAsync(SampleApproval.Of(fleet.Home, Lost));
        while (Pinned(fleet.Replicas[0]) <= lost.LogIndex)
        {
            await Task.Yield();
        }

        fleet.Replicas[0].Kill();
        await pair.KillPrimaryAsync();
        await pair.PromoteStandbyAsync();
        Assert.Equal(1, await fleet.Replicas[0].RefuseAsync());
        Assert.Contains("this is an older copy of the database", fleet.Replicas[0].Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_standby_as_the_only_host_is_refused_at_the_start()
    {
        await using var pair = await PostgresPair.StartAsync(isSynchronous: true);
        var standby = new Npgsql.NpgsqlConnectionStringBuilder(pair.ConnectionString) { Host = $"127.0.0.1:{pair.Standby.Port}" };
        standby.Remove("Target Session Attributes");
        await using var fleet = new Fleet(Fleet.On(standby.ToString()), 1);
        Assert.Equal(1, await fleet.Replicas[0].RefuseAsync());
        Assert.Contains("E_STORE_UNAVAILABLE", fleet.Replicas[0].Said, StringComparison.Ordinal);
        Assert.Contains("one that answers is a standby. Name the primary.", fleet.Replicas[0].Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_standby_a_synchronous_primary_takes_no_change_and_the_servers_say_so()
    {
        await using var pair = await PostgresPair.StartAsync(isSynchronous: true);
        await using var fleet = new Fleet(Fleet.On(pair.ConnectionString), 1);
        await fleet.StartAsync();
        await fleet.Replicas[0].UntilAsync(HttpStatusCode.OK, "store ok\n");
        await pair.CutStandbyOffAsync();
        var waits = fleet.Home.PushAsync(SampleApproval.Of(fleet.Home, "WAITS"));
        await fleet.Replicas[0].UntilAsync(HttpStatusCode.OK, "store no-changes E_STORE_UNAVAILABLE\n");
        Assert.False(waits.IsCompleted);
        await pair.Primary.ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = ''");
        await pair.Primary.ExecuteAsync("SELECT pg_reload_conf()");
        await waits;
        await fleet.Replicas[0].UntilAsync(HttpStatusCode.OK, "store ok\n");
    }

    private static long Pinned(Replica replica)
    {
        var file = Path.Combine(replica.DataFolder, "log.pin");
        return File.Exists(file) ? long.Parse(File.ReadAllText(file).Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) : 0;
    }

    // Until nobody is there any more.
    private static async Task AskAsync(Fleet fleet, Replica replica)
    {
        var service = new ApprovalService.ApprovalServiceClient(fleet.Home.Channel(fleet.Home.Certificate("stil-approvals"), replica.Address));
        for (var end = replica.EndsAsync(); !end.IsCompleted;)
        {
            try
            {
                Assert.Equal(Lost, (await service.GetProjectAsync(new GetProjectRequest { ProjectId = Lost })).Project.ProjectId);
            }
            catch (RpcException refused)
            {
                Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
            }
        }
    }
}
