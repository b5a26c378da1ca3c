using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.V1;
using Microsoft.Extensions.Hosting;

namespace Delivery.EndToEnd;

/// <summary>Following projects from outside, over a restart of the server.</summary>
public abstract class WatchTests(StoreKind store)
{
    [Fact]
    public async Task A_watch_tells_each_change_once_and_outlives_the_server()
    {
        await using var server = await RunningServer.StartNewAsync(store);
        server.Settings["Delivery:Listen"] = $"127.0.0.1:{server.Address.Port}";
        await server.PushAsync(SampleApproval.Of(server, "WATCHED"));
        await server.PushAsync(SampleApproval.Of(server, "QUIET"));
        await using var watch = new RunningTool(server, "watch", "projects");
        Assert.StartsWith("QUIET  APPROVED", await watch.ReadAsync(), StringComparison.Ordinal);
        Assert.StartsWith("WATCHED  APPROVED", await watch.ReadAsync(), StringComparison.Ordinal);

        await ToolRun.DoneAsync(server, "suspend", "WATCHED", "--reason", "Afventer svar");
        Assert.StartsWith("WATCHED  SUSPENDED", await watch.ReadAsync(), StringComparison.Ordinal);

        await server.StopAsync();
        await server.StartAsync();
        await ToolRun.DoneAsync(server, "resume", "WATCHED", "--reason", "Svaret er modtaget");
        Assert.StartsWith("WATCHED  APPROVED", await watch.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await watch.StopAsync());
    }

    [Fact]
    public async Task A_watch_is_greeted_at_once_and_ends_in_good_order_when_the_server_stops()
    {
        await using var server = await RunningServer.StartNewAsync(store);
        using var call = new ApprovalService.ApprovalServiceClient(server.Channel("auditor")).WatchProjects(new WatchProjectsRequest());
        await call.ResponseHeadersAsync;
        var next = call.ResponseStream.MoveNext(CancellationToken.None);
        server.Get<IHostApplicationLifetime>().StopApplication();
        Assert.False(await next.WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task A_watch_of_a_server_that_is_not_there_ends_at_once()
    {
        await using var server = await RunningServer.StartNewAsync(store);
        var address = server.Address;
        var run = await ToolRun.AgainstAsync(server, "watch", "projects", "--as", "stil-intake");
        Assert.Equal(1, run.Code);
        Assert.Contains("ROLE_NOT_ALLOWED", run.Talk, StringComparison.Ordinal);

        await server.StopAsync();
        var talk = new StringWriter();
        var code = await Tool.DeliveryCommand.RunAsync(
            ["watch", "projects", "--address", address.ToString(), "--certs", server.CertificateFolder],
            server.Clock,
            new System.CommandLine.InvocationConfiguration { Output = TextWriter.Null, Error = talk });
        Assert.Equal(1, code);
        Assert.Contains("E_SERVER_UNREACHABLE", talk.ToString(), StringComparison.Ordinal);
    }
}

public sealed class WatchTestsOnSqlite() : WatchTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class WatchTestsOnPostgres() : WatchTests(StoreKind.Postgres);
