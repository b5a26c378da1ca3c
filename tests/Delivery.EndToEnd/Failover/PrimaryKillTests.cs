using System.Diagnostics;
using System.Globalization;
using System.Net;
using Delivery.EndToEnd.Crash;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Xunit.Abstractions;

namespace Delivery.EndToEnd.Failover;

/// <summary>
/// Two server processes on a primary with a synchronous standby. The primary is killed at any moment, the standby is promoted, and everybody goes on:
/// what was answered stands, the log has no gap, and a delivery has the bytes of one that nothing happened to. A file has no standby.
/// </summary>
[OneStore]
[NeedsPostgres]
public sealed class PrimaryKillTests(ITestOutputHelper output)
{
    private const int Seed = 20_261_124;

    [Fact]
    public async Task Nothing_that_was_answered_is_lost_with_the_primary()
    {
        await using var pair = await PostgresPair.StartAsync(isSynchronous: true);
        await using var fleet = new Fleet(Fleet.On(pair.ConnectionString), 2, DeliveredProjects.Settings);
        await fleet.StartAsync();
        var project = await DeliveredProjects.MakeAsync(fleet);
        var policy = await File.ReadAllTextAsync(Path.Combine(fleet.Home.CertificateFolder, "log-policy.txt"));
        var log = new AuditorsCopy(LogPolicy.Parse(policy));
        var moments = new StreamMoments(pair.ConnectionString, Seed);
        await moments.BeginAsync();
        var recoveries = new List<TimeSpan>();
        var (answers, repeated, pulls, typed, streaming) = (0, 0, 0, 0, 0L);
        var clock = Stopwatch.StartNew();
        for (var round = 0; round < RoundCount.Value; round++)
        {
            Applicants[] applicants = [new(fleet, 0, $"ROUND{round}"), new(fleet, 1, $"ROUND{round}")];
            await Task.WhenAll(applicants.Select(one => one.AnsweredAsync(0)));
            Task<int>[] pulled = [project.RequireSameAsync($"round{round}-0.arrow", 0), project.RequireSameAsync($"round{round}-1.arrow", 1)];
            var open = await moments.ComeAsync(pulled.Length);
            var killed = Stopwatch.GetTimestamp();
            await pair.KillPrimaryAsync();
            await Task.WhenAll(fleet.Replicas.Select(replica => replica.UntilAsync(HttpStatusCode.ServiceUnavailable, "store no-service E_STORE_UNAVAILABLE\n")));
            var promoting = Stopwatch.GetTimestamp();
            await pair.PromoteStandbyAsync();
            var promoted = Stopwatch.GetElapsedTime(promoting);
            var answered = await await Task.WhenAny(applicants.Select(one => one.AnsweredAsync(killed)));
            recoveries.Add(Stopwatch.GetElapsedTime(killed, answered));
            await Task.WhenAll(applicants.Select(one => one.AnsweredAsync(killed)));
            await Task.WhenAll(fleet.Replicas.Select(replica => replica.UntilAsync(HttpStatusCode.OK, "store ok\n")));
            typed += (await Task.WhenAll(pulled)).Sum();
            pulls += pulled.Length;
            streaming += open;
            await Task.WhenAll(applicants.Select(one => one.EndAsync()));
            await log.CatchUpAsync(fleet.Home);
            foreach (var one in applicants)
            {
                one.RequireIn(log);
                answers += one.Pushed.Count + one.Checkpoints.Count;
                repeated += one.Repeated;
            }

            foreach (var replica in fleet.Replicas)
            {
                replica.RequireSound(pair.ConnectionString, policy);
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round}: killed with {open} streams open, promoted in {promoted.TotalSeconds:F2} s, answered after {recoveries[^1].TotalSeconds:F2} s"));
            await pair.RebuildStandbyAsync();
        }

        recoveries.Sort();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Seed {Seed}: {RoundCount.Value} rounds in {clock.Elapsed.TotalSeconds:F0} s; {answers} answers held against {log.Leaves.Count} leaves, {repeated} pushes repeated; {pulls} pulls, typed {typed} times; {streaming} streams were open when the primary was killed."));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Kill to first answer: median {recoveries[recoveries.Count / 2].TotalSeconds:F2} s, worst {recoveries[^1].TotalSeconds:F2} s."));
        Assert.True(streaming >= RoundCount.Value, "Too few streams were open to prove anything.");
    }
}
