using Delivery.Server.Hosting;
using Delivery.Server.Storage;
using Delivery.Server.TransferLog;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Delivery.Tests.Simulation;

/// <summary>
/// One process on one data folder: the real store, log and desks, without transport. It lives from its start to a crash or a clean end.
/// </summary>
internal sealed class SimulatedServer : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public SimulatedServer(SimulatedWorld world, string dataFolder, TimeProvider clock, Action takeWhatIsOnDisk)
    {
        var services = new ServiceCollection();
        services.AddSingleton(clock);
        services.AddLogging();
        world.AddOptions(services, dataFolder);
        DeliveryServer.AddRooms(services);
        _services = services.BuildServiceProvider();
        Points = new CommitPoints(takeWhatIsOnDisk);
    }

    public CommitPoints Points { get; }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>What the real server does before its first call, with every commit of it watched.</summary>
    public async Task StartAsync(bool endsCutCalls = true)
    {
        await Points.InstallAsync(Get<StoreWriter>());
        await Get<LogStartup>().RunAsync();
        if (endsCutCalls)
        {
            await Get<ReplicaRecovery>().RunOnceAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Get<StoreWriter>().DisposeAsync();
        using (var reader = Get<Store>().OpenReader())
        {
            SqliteConnection.ClearPool((SqliteConnection)reader);
        }

        await _services.DisposeAsync();
    }
}
