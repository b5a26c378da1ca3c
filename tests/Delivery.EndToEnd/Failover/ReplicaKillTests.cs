using System.Diagnostics;
using System.Globalization;
using Delivery.EndToEnd.Crash;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Delivery.Server.Storage.Postgres;
using Xunit.Abstractions;

namespace Delivery.EndToEnd.Failover;

/// <summary>Three server processes on one database, of which one is killed at any moment while everybody is served. It comes back for the next round. A file has one server.</summary>
[OneStore]
[NeedsPostgres]
public sealed class ReplicaKillTests(ITestOutputHelper output)
{
    private const int Seed = 20_261_125;
    private const int Count = 3;

    // The process of PostgreSQL that serves the leader; 0 while there is none, and never two.
    private static readonly string Leader = string.Create(
        CultureInfo.InvariantCulture,
        $"SELECT coalesce(max(pid), 0)::bigint FROM pg_locks WHERE locktype = 'advisory' AND objid = {PostgresSession.LeaderLock} AND objsubid = 1 AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");

    [Fact]
    public async Task A_killed_server_costs_nobody_a_byte_and_its_calls_are_ended_by_another()
    {
        using var database = new PostgresDatabase();
        await using var fleet = new Fleet(database.Settings, Count, [.. DeliveredProjects.Settings, ("Delivery:Database:ReplicaTimeout", "00:00:01")]);
        await fleet.StartAsync();
        var project = await DeliveredProjects.MakeAsync(fleet);
        var policy = await File.ReadAllTextAsync(Path.Combine(fleet.Home.CertificateFolder, "log-policy.txt"));
        var log = new AuditorsCopy(LogPolicy.Parse(policy));
        var moments = new StreamMoments(ConnectionString(database), Seed);
        await moments.BeginAsync();
        var (answers, leaders, typed, streaming, further) = (0, 0, 0, 0L, 0L);
        var ended = new List<TimeSpan>();
        var clock = Stopwatch.StartNew();
        for (var round = 0; round < RoundCount.Value; round++)
        {
            var victim = round % Count;
            // The one that is asked for checkpoints stays.
            fleet.Home.ChildAddress = fleet.Replicas[(victim + 1) % Count].Address;
            var applicants = Enumerable.Range(0, Count).Select(first => new Applicants(fleet, first, $"ROUND{round}")).ToList();
            await Task.WhenAll(applicants.Select(one => one.AnsweredAsync(0)));
            var pulled = Enumerable.Range(0, Count).Select(first => project.RequireSameAsync($"round{round}-{first}.arrow", first)).ToList();
            streaming += await moments.ComeAsync(Count);
            var leader = await moments.NumberAsync(Leader);
            fleet.Replicas[victim].Kill();
            var killed = Stopwatch.GetTimestamp();
            await Task.WhenAll(applicants.Select(one => one.AnsweredAsync(killed)));
            typed += (await Task.WhenAll(pulled)).Sum();
            await Task.WhenAll(applicants.Select(one => one.EndAsync()));

            // Every pull has ended, so what is open is of the one that was killed, until another has given it up.
            while (await moments.OpenAsync() > 0)
            {
                Assert.True(Stopwatch.GetElapsedTime(killed) < TimeSpan.FromMinutes(1), "Calls of the killed server never end.");
            }

            ended.Add(Stopwatch.GetElapsedTime(killed));
            leaders += await moments.NumberAsync(Leader) != leader ? 1 : 0;
            further += await moments.FurtherCallsAsync(Count);
            await log.CatchUpAsync(fleet.Home);
            foreach (var one in applicants)
            {
                one.RequireIn(log);
                answers += one.Pushed.Count + one.Checkpoints.Count;
            }

            // One end for each call, and ranges that cover it: the check of a log at rest holds them to that.
            Assert.Equal(0, fleet.Replicas[(victim + 1) % Count].RequireSound(ConnectionString(database), policy).OpenCallCount);
            await fleet.Replicas[victim].StartAsync();
        }

        var cut = log.Leaves.Count(leaf => leaf.Type == LeafType.ExtractAborted && leaf.Text("reason_code") == "SERVER_RESTART");
        ended.Sort();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Seed {Seed}: {RoundCount.Value} kills in {clock.Elapsed.TotalSeconds:F0} s, {leaders} of them of the leader; {RoundCount.Value * Count} pulls, typed {typed} times; {streaming} streams were open at the kills, {further} went on in a further call; {answers} answers held against {log.Leaves.Count} leaves; {cut} calls ended for the killed."));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Kill to the last call's end, pulls included: median {ended[ended.Count / 2].TotalSeconds:F2} s, worst {ended[^1].TotalSeconds:F2} s."));
        Assert.True(streaming >= RoundCount.Value, "Too few streams were open to prove anything.");
        Assert.True(cut > 0, "No call was cut.");
        Assert.True(leaders > 0, "The leader was never killed.");
    }

    private static string ConnectionString(PostgresDatabase database) => database.Settings.Single(setting => setting.Key.EndsWith(":ConnectionString", StringComparison.Ordinal)).Value;
}
