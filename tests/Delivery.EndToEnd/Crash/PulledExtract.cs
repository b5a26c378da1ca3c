using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;

namespace Delivery.EndToEnd.Crash;

/// <summary>A stopped server with one wide project, the keys of the command line, and what an uncut pull of each form writes.</summary>
internal sealed class PulledExtract : IAsyncDisposable
{
    public const string Project = "PULL";

    // Enough that a stream cannot end in buffers before something is killed.
    private const int FileRows = 60_000;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("delivery-pull-");

    private PulledExtract(RunningServer server) => Server = server;

    public RunningServer Server { get; }

    public static async Task<PulledExtract> MakeAsync(StoreKind store)
    {
        // Small segments and windows make many of both out of few rows.
        var server = await RunningServer.StartNewAsync(store, ("Delivery:Storage:SegmentRowsMax", "256"), ("Delivery:Extracts:WindowBatches", "2"));
        var file = await ResultsFile.MakeAsync(FileRows, seed: 7);
        await server.Channel("stil-intake").ImportAsync("kill", file.Bytes);
        await PulledKeys.MakeAsync(server);
        await server.PushAsync(SampleApproval.WideOf(server, Project));
        await server.StopAsync();
        return new PulledExtract(server);
    }

    public string At(string name) => Path.Combine(_folder.FullName, name);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
