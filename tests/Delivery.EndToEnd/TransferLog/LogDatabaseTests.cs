using System.Text.Json.Nodes;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;

namespace Delivery.EndToEnd.TransferLog;

/// <summary>The commands that read a log at rest, on a PostgreSQL database beside its running server. What they do with a folder is tested elsewhere.</summary>
[OneStore]
[NeedsPostgres]
public sealed class LogDatabaseTests
{
    [Fact]
    public async Task The_log_of_a_database_is_checked_and_copied_by_the_command()
    {
        await using var server = await RunningServer.StartNewAsync(StoreKind.Postgres);
        var (code, data, talk) = await AtRestAsync(server, "fsck", "--policy", Path.Combine(server.CertificateFolder, "log-policy.txt"), "--json");
        Assert.True(code == 0, talk);
        Assert.Equal(server.LogSize(), (long)JsonNode.Parse(data)!["log_size"]!);
        await SignAsync(server);
        var tiles = Path.Combine(server.CertificateFolder, "tiles");
        Assert.Equal(0, (await AtRestAsync(server, "export", "--tiles", tiles)).Code);
        Assert.True(File.Exists(Path.Combine(tiles, "checkpoint")));
    }

    [Fact]
    public async Task A_log_that_may_not_be_read_is_not_called_unsound()
    {
        await using var server = await RunningServer.StartNewAsync(StoreKind.Postgres);
        await SignAsync(server);
        await server.Database.ExecuteAsync("REVOKE SELECT ON log_leaf FROM current_user");
        List<(int Code, string Data, string Talk)> runs = [await AtRestAsync(server, "fsck"), await AtRestAsync(server, "export", "--tiles", Path.Combine(server.CertificateFolder, "no-tiles"))];
        await server.Database.ExecuteAsync("GRANT SELECT ON log_leaf TO current_user");
        Assert.All(runs, run => Assert.True(run.Code == 2 && run.Talk.Contains("permission denied", StringComparison.Ordinal), run.Talk));
    }

    // The first checkpoint is signed within a second or so, or when somebody asks for it.
    private static async Task SignAsync(RunningServer server) =>
        await new Protocol.V1.TransferLogService.TransferLogServiceClient(server.Channel("auditor")).GetCheckpointAsync(new Protocol.V1.GetCheckpointRequest());

    private static async Task<(int Code, string Data, string Talk)> AtRestAsync(RunningServer server, params string[] verb)
    {
        var (data, talk) = (new StringWriter(), new StringWriter());
        var code = await Tool.DeliveryCommand.RunAsync(
            ["log", .. verb, "--data", server.DataFolder, "--database", server.Settings["Delivery:Database:ConnectionString"]!],
            server.Clock,
            new System.CommandLine.InvocationConfiguration { Output = data, Error = talk });
        return (code, data.ToString(), talk.ToString());
    }
}
