using Delivery.Client;
using Delivery.Client.Intake;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;
using Delivery.Server.Intake;
using Delivery.Server.Storage;
using Grpc.Core;
using IntakeService = Delivery.Protocol.V1.IntakeService;

namespace Delivery.EndToEnd.Intake;

/// <summary>An import that is cut and repeated leaves the store that one clean run leaves.</summary>
public abstract class CutImportTests(StoreKind store)
{
    private const int Rows = 30_000;

    [Fact]
    public async Task An_import_whose_sender_goes_away_is_repeated_as_if_it_had_never_begun()
    {
        await using var server = await RunningServer.StartNewAsync(store, ("Delivery:Intake:BufferedRowsMax", "16384"));
        var file = await ResultsFile.MakeAsync(Rows, seed: 5);
        await SendHalfAsync(server, file);
        await RepeatAsync(server, file);
        Assert.Equal(await CleanAsync(file), StoredContent.Of(server));
    }

    [Fact]
    public async Task An_import_that_a_stopped_server_cut_is_repeated_as_if_it_had_never_begun()
    {
        await using var server = await RunningServer.StartNewAsync(store, ("Delivery:Intake:BufferedRowsMax", "16384"));
        var file = await ResultsFile.MakeAsync(Rows, seed: 5);
        await SendHalfAsync(server, file);
        await server.StopAsync();
        await server.StartAsync();
        await server.Channel("stil-intake").ImportAsync("cut", file.Bytes);
        Assert.Equal(await CleanAsync(file), StoredContent.Of(server));
    }

    [Fact]
    public async Task A_second_import_at_the_same_time_is_refused_and_the_first_goes_on()
    {
        await using var server = await RunningServer.StartNewAsync(store);
        var file = await ResultsFile.MakeAsync(2_000, seed: 5);
        using var call = new IntakeService.IntakeServiceClient(server.Channel("stil-intake")).ImportResults();
        var frames = Upload.Frames("first", file.Bytes).ToList();
        await call.RequestStream.WriteAsync(frames[0]);
        await call.RequestStream.WriteAsync(frames[1]);

        await BegunAsync(server);
        await RefusedCall.ExpectAsync("E_IMPORT_IN_PROGRESS", StatusCode.Aborted, () => server.Channel("stil-intake").ImportAsync("second", file.Bytes));
        foreach (var frame in frames.Skip(2))
        {
            await call.RequestStream.WriteAsync(frame);
        }

        await call.RequestStream.CompleteAsync();
        Assert.Equal(file.Lines.Count, (await call).AcceptedRowCount);
    }

    [Fact]
    public async Task The_client_waits_until_the_server_has_noticed_that_an_earlier_sender_is_gone()
    {
        await using var server = await RunningServer.StartNewAsync(store);
        var file = await ResultsFile.MakeAsync(2_000, seed: 5);
        var call = new IntakeService.IntakeServiceClient(server.Channel("stil-intake")).ImportResults();
        await call.RequestStream.WriteAsync(Upload.Frames("cut", file.Bytes).First());
        await BegunAsync(server);

        using var client = new DeliveryClient(new DeliveryClientOptions
        {
            Address = server.Address,
            ServerRootsFile = server.CertificateFile("ca"),
            CertificateFile = server.CertificateFile("stil-intake"),
            KeyFile = Path.Combine(server.CertificateFolder, "stil-intake.key"),
        });
        var (path, waits) = (Path.Combine(server.DataFolder, "..", "results.csv"), new Waits(call.Dispose));
        await File.WriteAllBytesAsync(path, file.Bytes);
        var report = await client.Intake.ImportCsvAsync(path, new ImportOptions { SourceDeliveryId = "cut" }, waits);
        Assert.Equal((file.Lines.Count, false), (report.AcceptedRows, report.AlreadyImported));
        Assert.All(waits.Codes, code => Assert.Equal("E_IMPORT_IN_PROGRESS", code));
        Assert.NotEmpty(waits.Codes);
    }

    // Looks into the store: another import that asked would be in the way of the first.
    private static async Task BegunAsync(RunningServer server)
    {
        while (!server.Get<Store>().Read(db => db.Set<ImportRow>().Any(row => row.State == ImportState.Running)))
        {
            await Task.Yield();
        }
    }

    private static async Task SendHalfAsync(RunningServer server, ResultsFile file)
    {
        var channel = server.Channel("stil-intake");
        using var call = new IntakeService.IntakeServiceClient(channel).ImportResults();
        var frames = Upload.Frames("cut", file.Bytes).ToList();
        foreach (var frame in frames.Take(frames.Count / 2))
        {
            await call.RequestStream.WriteAsync(frame);
        }
    }

    // The server learns of a sender that went away when the connection tells it; until then it says that an import is under way.
    private static async Task RepeatAsync(RunningServer server, ResultsFile file)
    {
        while (true)
        {
            try
            {
                await server.Channel("stil-intake").ImportAsync("cut", file.Bytes);
                return;
            }
            catch (RpcException failure) when (RefusedCall.Of(failure).Codes.Contains("E_IMPORT_IN_PROGRESS"))
            {
            }
        }
    }

    private async Task<string> CleanAsync(ResultsFile file)
    {
        await using var server = await RunningServer.StartNewAsync(store, ("Delivery:Intake:BufferedRowsMax", "16384"));
        await server.Channel("stil-intake").ImportAsync("cut", file.Bytes);
        return StoredContent.Of(server);
    }

    /// <summary>Has the earlier sender go away once the later one is told to wait.</summary>
    private sealed class Waits(Action goAway) : IProgress<ImportProgress>
    {
        public List<string> Codes { get; } = [];

        public void Report(ImportProgress value)
        {
            if (value.WaitsFor is { } obstacle)
            {
                Codes.Add(obstacle.Code);
                goAway();
            }
        }
    }
}

public sealed class CutImportTestsOnSqlite() : CutImportTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class CutImportTestsOnPostgres() : CutImportTests(StoreKind.Postgres);
