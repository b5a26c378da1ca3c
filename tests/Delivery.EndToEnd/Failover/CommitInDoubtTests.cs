using System.Globalization;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Crash;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.Log;
using Npgsql;

namespace Delivery.EndToEnd.Failover;

/// <summary>The connection to the database goes at a COMMIT. The caller hears what came of it, once, and never that nothing is known. A file has no connection.</summary>
[OneStore]
[NeedsPostgres]
public sealed class CommitInDoubtTests
{
    private const int Times = 5;

    [Theory]
    [InlineData(CommitCut.Before)]
    [InlineData(CommitCut.During)]
    [InlineData(CommitCut.After)]
    public async Task A_commit_whose_answer_is_lost_happens_once_and_its_caller_is_answered(CommitCut cut)
    {
        using var database = new PostgresDatabase();
        var settings = database.Settings.ToDictionary(setting => setting.Key, setting => setting.Value);
        var way = new NpgsqlConnectionStringBuilder(settings["Delivery:Database:ConnectionString"]);
        await using var cutter = new CommitCutter(way.Port);
        way.Port = cutter.Port;
        settings["Delivery:Database:ConnectionString"] = way.ToString();
        await using var fleet = new Fleet(settings.Select(setting => (setting.Key, setting.Value)), 1);
        await fleet.StartAsync();
        var log = new AuditorsCopy(LogPolicy.Parse(await File.ReadAllTextAsync(Path.Combine(fleet.Home.CertificateFolder, "log-policy.txt"))));
        for (var time = 1; time <= Times; time++)
        {
            var approval = SampleApproval.Of(fleet.Home, string.Create(CultureInfo.InvariantCulture, $"DOUBT-{(int)cut}-{time}"));
            cutter.Arm(approval.ProjectId, cut);
            var pushed = await fleet.Home.PushAsync(approval);
            Assert.Equal((time, true), (cutter.Cuts, pushed.IsNew));
            var again = await fleet.Home.PushAsync(approval);
            Assert.Equal((pushed.LogIndex, false), (again.LogIndex, again.IsNew));
            await log.CatchUpAsync(fleet.Home);
            Assert.Equal(pushed.LogIndex, Assert.Single(log.Leaves, leaf => leaf.Type == LeafType.ApprovalPushed && leaf.ProjectId == approval.ProjectId).Index);
        }
    }
}
