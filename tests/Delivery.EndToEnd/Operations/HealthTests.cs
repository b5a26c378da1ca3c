using System.Net;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.EndToEnd.TransferLog;
using Delivery.Protocol.V1;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Delivery.EndToEnd.Operations;

/// <summary>What the server says of itself is what callers meet.</summary>
public abstract class HealthTests(StoreKind store)
{
    private const string Extracts = "delivery.v1.ExtractService", Approvals = "delivery.v1.ApprovalService", Log = "delivery.v1.TransferLogService", Whole = "";

    private static readonly (string, string) Door = ("Delivery:Health:Listen", "127.0.0.1:0");

    // Far beyond what any of it takes: only a server that never does it comes this far.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_sound_server_serves_in_every_service_and_says_so_everywhere()
    {
        await using var server = await RunningServer.StartNewAsync(store, Door);
        foreach (var service in (string[])[Whole, Extracts, Approvals, Log, "delivery.v1.IntakeService", "delivery.v1.ClosureService", "grpc.health.v1.Health"])
        {
            Assert.Equal(ServingStatus.Serving, await CheckAsync(server, service));
        }

        Assert.Equal((HttpStatusCode.OK, "live\n"), await server.GetAsync("healthz"));
        Assert.Equal(
            (HttpStatusCode.OK, "ready\ncheckpoint ok\nlog-open ok\nlog-sound ok\nnot-stopping ok\nstore ok\nwitness ok\n"),
            await server.GetAsync("readyz"));
    }

    [Fact]
    public async Task A_service_that_is_not_here_is_told_as_the_standard_has_it()
    {
        await using var server = await RunningServer.StartNewAsync(store);
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => CheckAsync(server, "delivery.v1.NoService"))).StatusCode);
        using var watch = new HealthWatch(Open(server), "delivery.v1.NoService");
        Assert.Equal(ServingStatus.ServiceUnknown, await watch.NextAsync());
    }

    [Fact]
    public async Task A_frozen_log_ends_changes_and_deliveries_but_not_proofs()
    {
        await using var server = new RunningServer(store, Door);
        await server.StartAsync();
        await server.StopAsync();
        server.Settings["Delivery:TransferLog:Frozen"] = "true";
        await server.StartAsync();

        Assert.Equal(
            (ServingStatus.Serving, ServingStatus.NotServing, ServingStatus.NotServing, ServingStatus.Serving),
            (await CheckAsync(server, Whole), await CheckAsync(server, Approvals), await CheckAsync(server, Extracts), await CheckAsync(server, Log)));
        var (status, page) = await server.GetAsync("readyz");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("log-open no-changes E_LOG_UNAVAILABLE\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_witness_ends_deliveries_only_and_its_word_ends_that()
    {
        await using var server = WitnessedServer.Create(store, ("Delivery:TransferLog:MaxUnwitnessedAge", "01:00:00"));
        await server.StartAsync();
        using var watch = new HealthWatch(Open(server), Extracts);
        Assert.Equal(ServingStatus.Serving, await watch.NextAsync());

        server.Clock.Turn(TimeSpan.FromHours(2));
        Assert.Equal(ServingStatus.NotServing, await watch.NextAsync());
        Assert.Equal((ServingStatus.Serving, ServingStatus.Serving), (await CheckAsync(server, Whole), await CheckAsync(server, Approvals)));

        await server.CosignAsync();
        Assert.Equal(ServingStatus.Serving, await watch.NextAsync());
    }

    [Fact]
    public async Task A_log_that_was_altered_is_proven_to_nobody_while_the_server_stops()
    {
        await using var server = await RunningServer.StartNewAsync(store, Door);
        var auditor = server.Channel("auditor");
        using var watch = new HealthWatch(Open(server), Log);
        Assert.Equal(ServingStatus.Serving, await watch.NextAsync());
        server.Database.Unprotect("log_leaf");
        using (var connection = server.Database.Open())
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "UPDATE log_leaf SET leaf_hash = (SELECT leaf_hash FROM log_leaf WHERE idx = 0) WHERE idx = 1";
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        Assert.Equal(ServingStatus.NotServing, await watch.NextAsync());
        Assert.Null(await watch.NextAsync());
        await RefusedCall.ExpectAsync("E_LOG_ALTERED", StatusCode.Unavailable, async () => await new TransferLogService.TransferLogServiceClient(auditor).GetCheckpointAsync(new GetCheckpointRequest()));
        Assert.Contains("log-sound closed E_LOG_ALTERED\n", (await server.GetAsync("readyz")).Page, StringComparison.Ordinal);
        Assert.True(server.Get<Server.TransferLog.LogAlarm>().IsRaised);
    }

    [Fact]
    public async Task A_server_that_stops_says_so_first_and_serves_on_until_it_does()
    {
        await using var server = new RunningServer(store, Door);
        var hold = new HeldStop();
        server.OwnParts = services => services.AddHostedService(_ => hold);
        await server.StartAsync();
        using var channel = Open(server);
        using var watch = new HealthWatch(channel, Whole);
        Assert.Equal(ServingStatus.Serving, await watch.NextAsync());
        var stopping = server.Get<IHost>().StopAsync();
        await hold.Begun.Task.WaitAsync(Patience);

        Assert.Equal(ServingStatus.NotServing, await watch.NextAsync());
        var (status, page) = await server.GetAsync("readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("not-stopping no-service E_SHUTTING_DOWN\n", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("healthz")).Status);
        Assert.NotEmpty((await new CatalogueService.CatalogueServiceClient(channel).ListTestsAsync(new ListTestsRequest())).Tests);

        hold.End.TrySetResult();
        Assert.Null(await watch.NextAsync());
        await stopping.WaitAsync(Patience);
    }

    [Fact]
    public async Task Nothing_but_health_comes_through_the_door_for_health()
    {
        await using var server = await RunningServer.StartNewAsync(store, Door);
        using var http = new HttpClient { BaseAddress = server.HealthAddress };
        foreach (var path in (string[])["/", "/delivery.v1.CatalogueService/ListTests", "/grpc.health.v1.Health/Check", "/healthz/", "/readyz/store", "/.."])
        {
            using var answer = await http.GetAsync(path);
            Assert.Equal((HttpStatusCode.NotFound, ""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        }

        using var content = new ByteArrayContent([0, 0, 0, 0, 0]) { Headers = { { "Content-Type", "application/grpc" } } };
        using var call = await http.PostAsync("/delivery.v1.CatalogueService/ListTests", content);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, call.StatusCode);
        Assert.False(call.Headers.Contains("grpc-status"));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("https://127.0.0.1:1")]
    [InlineData("127.0.0.1:99999")]
    public async Task A_door_that_is_no_address_stops_the_start(string listen)
    {
        await using var server = new RunningServer(store, ("Delivery:Health:Listen", listen));
        Assert.Contains("Delivery:Health:Listen", (await Assert.ThrowsAsync<InvalidOperationException>(server.StartAsync)).Message, StringComparison.Ordinal);
    }

    private static async Task<ServingStatus> CheckAsync(RunningServer server, string service)
    {
        using var channel = Open(server);
        return (await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest { Service = service })).Status;
    }

    private static GrpcChannel Open(RunningServer server) => server.Channel("auditor");

    private sealed class HeldStop : IHostedLifecycleService
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken)
        {
            Begun.TrySetResult();
            return End.Task;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

public sealed class HealthTestsOnSqlite() : HealthTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class HealthTestsOnPostgres() : HealthTests(StoreKind.Postgres);
