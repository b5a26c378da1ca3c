using System.Data.Common;
using System.Net;
using Delivery.EndToEnd.Running;
using Delivery.Protocol.V1;
using Delivery.Server.Storage;
using Grpc.Core;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Delivery.EndToEnd.Operations;

/// <summary>A store that takes nothing any more and then does again. How to bring one there is SQLite's own.</summary>
[OneStore]
public sealed class ReadOnlyStoreTests
{
    [Fact]
    public async Task A_store_that_takes_no_change_ends_service_until_it_takes_one_again()
    {
        await using var server = await RunningServer.StartNewAsync(StoreKind.Sqlite, ("Delivery:Health:Listen", "127.0.0.1:0"));
        using var watch = new HealthWatch(server.Channel("auditor"), "");
        Assert.Equal(ServingStatus.Serving, await watch.NextAsync());
        var connection = await server.Get<StoreWriter>().WriteAsync(scope => scope.Command("").Connection!, CancellationToken.None);
        Execute(connection, "PRAGMA query_only = ON");
        await Assert.ThrowsAsync<RpcException>(() => RefusedAsync(server));

        Assert.Equal(ServingStatus.NotServing, await watch.NextAsync());
        var (status, page) = await server.GetAsync("readyz");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("store no-service E_STORE_UNAVAILABLE\n", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("healthz")).Status);

        Execute(connection, "PRAGMA query_only = OFF");
        Assert.Equal(ServingStatus.Serving, await watch.NextAsync());
    }

    // A call whose refusal is written down.
    private static async Task RefusedAsync(RunningServer server) =>
        await new ApprovalService.ApprovalServiceClient(server.Channel("auditor")).PushApprovalAsync(new PushApprovalRequest());

    private static void Execute(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
