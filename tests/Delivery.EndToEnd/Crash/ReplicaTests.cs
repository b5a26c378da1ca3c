using System.Text;
using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;

namespace Delivery.EndToEnd.Crash;

/// <summary>The command line with two addresses of one server. The first dies at an awkward moment; nobody but the network notices.</summary>
public abstract class ReplicaTests(StoreKind store)
{
    [Theory]
    [InlineData(".arrow")]
    [InlineData(".csv")]
    public async Task A_pull_cut_at_one_address_goes_on_at_the_next_with_the_same_bytes(string form)
    {
        await using var extract = await PulledExtract.MakeAsync(store);
        var server = extract.Server;
        await server.StartAsync();
        await using var way = new CuttingProxy { Target = server.Address };
        way.Arm(0, null);
        var uncut = await PullAsync(server, way.Address.Authority, extract.At("uncut" + form));
        Assert.True(uncut.Code == 0, uncut.Talk);
        var passed = way.Passed;

        for (var quarter = 1; quarter <= 3; quarter++)
        {
            await using var first = new CuttingProxy { Target = server.Address };
            await using var second = new CuttingProxy { Target = server.Address };
            second.Arm(0, null);
            first.Arm(passed * quarter / 4, first.Die);
            var name = $"cut{quarter}{form}";
            var run = await PullAsync(server, $"{first.Address.Authority},{second.Address.Authority}", extract.At(name));
            Assert.True(run.Code == 0, run.Talk);
            Assert.Equal(await File.ReadAllBytesAsync(extract.At("uncut" + form)), await File.ReadAllBytesAsync(extract.At(name)));
            // What had been received was not fetched again.
            Assert.InRange(second.Passed, 1, passed - (passed * quarter / 5));
        }
    }

    [Fact]
    public async Task A_watch_is_opened_again_elsewhere_and_tells_each_change_once()
    {
        await using var server = await RunningServer.StartNewAsync(store);
        await server.PushAsync(SampleApproval.Of(server, "WATCHED"));
        await using var first = new CuttingProxy { Target = server.Address };
        await using var second = new CuttingProxy { Target = server.Address };
        await using var watch = RunningTool.Through(server, $"{first.Address.Authority},{second.Address.Authority}", "watch", "projects");
        Assert.StartsWith("WATCHED  APPROVED", await watch.ReadAsync(), StringComparison.Ordinal);
        first.Die();
        await ToolRun.DoneAsync(server, "suspend", "WATCHED", "--reason", "Afventer svar");
        Assert.StartsWith("WATCHED  SUSPENDED", await watch.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await watch.StopAsync());
    }

    [Fact]
    public async Task An_import_cut_at_one_address_is_sent_again_to_the_next()
    {
        await using var server = await RunningServer.StartNewAsync(store);
        var file = await ResultsFile.MakeAsync(20_000, seed: 5);
        var path = Path.Combine(server.CertificateFolder, "results.csv");
        await File.WriteAllBytesAsync(path, file.Bytes);
        await using var first = new CuttingProxy { Target = server.Address };
        await using var second = new CuttingProxy { Target = server.Address };
        first.Arm(file.Bytes.Length / 2, first.Die);
        var run = await ToolRun.ThroughAsync(
            server, $"{first.Address.Authority},{second.Address.Authority}", "import", path, "--id", "cut", "--json");
        Assert.True(run.Code == 0, run.Talk);
        Assert.Equal(file.Lines.Count, (int)run.Json["accepted_rows"]!);
    }

    [Fact]
    public async Task An_act_goes_through_a_live_address_and_where_there_is_none_both_are_named()
    {
        await using var server = await RunningServer.StartNewAsync(store);
        await server.PushAsync(SampleApproval.Of(server, "ACT"));
        await using var gone = new CuttingProxy();
        gone.Die();
        var run = await ToolRun.ThroughAsync(server, $"{gone.Address.Authority},{server.Address.Authority}", "suspend", "ACT", "--reason", "Afventer svar", "--json");
        Assert.True(run.Code == 0, run.Talk);

        await using var goneToo = new CuttingProxy();
        goneToo.Die();
        var refused = await ToolRun.ThroughAsync(server, $"{gone.Address.Authority},{goneToo.Address.Authority}", "project", "list");
        Assert.Equal(1, refused.Code);
        Assert.Contains("E_SERVER_UNREACHABLE", refused.Talk, StringComparison.Ordinal);
        Assert.Contains(gone.Address.Authority, refused.Talk, StringComparison.Ordinal);
        Assert.Contains(goneToo.Address.Authority, refused.Talk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://one.example:7443")]
    [InlineData("one.example:7443,")]
    [InlineData("one.example:7443,two.example:port")]
    [InlineData("one.example:7443/path")]
    public async Task An_address_that_is_none_is_a_usage_error(string addresses)
    {
        var talk = new StringBuilder();
        var code = await Tool.DeliveryCommand.RunAsync(
            ["project", "list", "--server", addresses],
            TimeProvider.System,
            new System.CommandLine.InvocationConfiguration { Output = TextWriter.Null, Error = new StringWriter(talk) });
        Assert.Equal(2, code);
        Assert.Contains("--server is HOST:PORT", talk.ToString(), StringComparison.Ordinal);
    }

    private static Task<ToolRun> PullAsync(RunningServer server, string addresses, string output) =>
        ToolRun.ThroughAsync(server, addresses, "pull", PulledExtract.Project, "--out", output, "--json");
}

public sealed class ReplicaTestsOnSqlite() : ReplicaTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class ReplicaTestsOnPostgres() : ReplicaTests(StoreKind.Postgres);
