using Delivery.EndToEnd.Crash;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Protocol.V1;
using Grpc.Core;

namespace Delivery.EndToEnd.Operations;

/// <summary>A machine that vanishes closes nothing: its connections stay open, and silent.</summary>
public abstract class VanishedPeerTests(StoreKind store) : IAsyncLifetime
{
    private readonly RunningServer _server = new(store, ("Delivery:Health:PeerPingDelay", "00:00:01"), ("Delivery:Health:PeerPingTimeout", "00:00:01"));

    public Task InitializeAsync() => _server.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_sender_that_vanished_does_not_keep_others_from_importing()
    {
        await using var way = new CuttingProxy { Target = _server.Address };
        using var channel = _server.Channel(_server.Certificate("stil-intake"), way.Address);
        using var call = new IntakeService.IntakeServiceClient(channel).ImportResults();
        var file = (await ResultsFile.MakeAsync(2_000, seed: 1)).Bytes;
        await call.RequestStream.WriteAsync(Upload.Header("vanishes", file.Length));
        await call.RequestStream.WriteAsync(Upload.Chunk(file.AsMemory(0, 1000)));
        await RefusedOnceAsync(file);
        way.Stall();

        // Far beyond both times: only a server that never notices comes this far.
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await AnswerAsync("follows", file) is "E_IMPORT_IN_PROGRESS")
        {
            patience.Token.ThrowIfCancellationRequested();
        }

        Assert.Equal("", await AnswerAsync("follows", file));
        Assert.False(call.ResponseAsync.IsCompleted, "The sender was told; then it had not vanished.");
    }

    // Until the sender's import has begun, another is taken.
    private async Task RefusedOnceAsync(byte[] file)
    {
        while (await AnswerAsync("first", file) is not "E_IMPORT_IN_PROGRESS")
        {
        }
    }

    private async Task<string> AnswerAsync(string deliveryId, byte[] file)
    {
        try
        {
            await _server.Channel("stil-intake").ImportAsync(deliveryId, file);
            return "";
        }
        catch (RpcException failure)
        {
            return RefusedCall.Of(failure).Codes.First();
        }
    }
}

public sealed class VanishedPeerTestsOnSqlite() : VanishedPeerTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class VanishedPeerTestsOnPostgres() : VanishedPeerTests(StoreKind.Postgres);
