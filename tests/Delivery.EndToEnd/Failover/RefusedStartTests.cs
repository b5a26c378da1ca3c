using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.V1;
using Delivery.Server.Hosting;
using Delivery.Server.Storage;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Delivery.EndToEnd.Failover;

/// <summary>A database that cannot be had, or whose clock is another: the server says so and does not start. A file has neither a password nor a clock.</summary>
[OneStore]
[NeedsPostgres]
public sealed class RefusedStartTests : IDisposable
{
    private const string Connection = "Delivery:Database:ConnectionString";

    private readonly PostgresDatabase _database = new();

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task A_wrong_password_is_named_and_not_shown()
    {
        var said = await RefusalAsync(way => way.Password = "not-the-password");
        Assert.Contains("PostgreSQL refuses the user of Delivery:Database:ConnectionString", said, StringComparison.Ordinal);
        Assert.DoesNotContain("not-the-password", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_told_also_where_another_host_is_away() => Assert.Contains(
        "PostgreSQL refuses the user of Delivery:Database:ConnectionString",
        await RefusalAsync(way => (way.Password, way.Host) = ("not-the-password", $"127.0.0.1:{PostgresNode.FreePort()},127.0.0.1:{way.Port}")),
        StringComparison.Ordinal);

    [Fact]
    public async Task A_database_that_does_not_exist_is_named() =>
        Assert.Contains("database \"nowhere\" does not exist. Create it", await RefusalAsync(way => way.Database = "nowhere"), StringComparison.Ordinal);

    [Fact]
    public async Task Nobody_at_the_address_is_said() =>
        Assert.Contains("E_STORE_UNAVAILABLE", await RefusalAsync(way => way.Port = PostgresNode.FreePort()), StringComparison.Ordinal);

    [Fact]
    public async Task A_clock_an_hour_off_stops_a_start()
    {
        await using var fleet = new Fleet(Connected(_ => { }), 1, ("Delivery:Database:ClockSkewMax", "00:01:00"));
        var clock = new TurnableClock();
        clock.Turn(TimeSpan.FromHours(1));
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(async () =>
        {
            await using var app = Build(fleet, clock);
            await app.StartAsync();
        });
        Assert.Equal("E_CLOCK_SKEW", refused.Code);
    }

    [Fact]
    public async Task A_clock_that_goes_off_ends_changes_and_the_lead_until_it_is_right_again()
    {
        await using var fleet = new Fleet(Connected(_ => { }), 1, ("Delivery:Database:ClockSkewMax", "00:01:00"));
        var clock = new TurnableClock();
        await using var app = Build(fleet, clock);
        await app.StartAsync();
        fleet.Home.ChildAddress = new Uri(app.Urls.First(url => url.StartsWith(Uri.UriSchemeHttps, StringComparison.Ordinal)));
        var approvals = new ApprovalService.ApprovalServiceClient(fleet.Home.Channel("stil-approvals"));
        var (writer, condition) = (app.Services.GetRequiredService<StoreWriter>(), app.Services.GetRequiredService<StoreCondition>());
        Assert.True(writer.Leads);

        clock.Turn(TimeSpan.FromHours(1));
        await Questions.UntilAsync(() => condition.State.Code == "E_CLOCK_SKEW" && !writer.Leads);
        await RefusedCall.ExpectAsync("E_CLOCK_SKEW", StatusCode.Unavailable, async () => await approvals.PushApprovalAsync(new PushApprovalRequest { Approval = SampleApproval.Of(fleet.Home, "SKEWED") }));

        clock.Turn(TimeSpan.FromHours(-1));
        await Questions.UntilAsync(() => condition.State.IsReady && writer.Leads);
        await fleet.Home.PushAsync(SampleApproval.Of(fleet.Home, "RIGHT-AGAIN"));
        await app.StopAsync();
    }

    private static WebApplication Build(Fleet fleet, TimeProvider clock)
    {
        fleet.Home.Settings["Delivery:Storage:DataFolder"] = fleet.At("data-own");
        return DeliveryServer.Build([], fleet.Home.Settings, services => services.AddSingleton(clock));
    }

    private async Task<string> RefusalAsync(Action<NpgsqlConnectionStringBuilder> change)
    {
        await using var fleet = new Fleet(Connected(change), 1);
        Assert.Equal(1, await fleet.Replicas[0].RefuseAsync());
        return fleet.Replicas[0].Said;
    }

    private IEnumerable<(string Key, string Value)> Connected(Action<NpgsqlConnectionStringBuilder> change)
    {
        foreach (var (key, value) in _database.Settings)
        {
            var way = key == Connection ? new NpgsqlConnectionStringBuilder(value) : null;
            if (way is not null)
            {
                change(way);
            }

            yield return (key, way?.ToString() ?? value);
        }
    }
}
