using System.Security.Cryptography;
using System.Text;
using Delivery.EndToEnd.Results;
using Delivery.EndToEnd.Running;
using Delivery.Protocol.V1;
using Delivery.Server.Storage;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;

namespace Delivery.EndToEnd.Intake;

/// <summary>An import that is cut and repeated leaves the store that one clean run leaves.</summary>
public sealed class CutImportTests
{
    private const int Rows = 30_000;

    [Fact]
    public async Task An_import_whose_sender_goes_away_is_repeated_as_if_it_had_never_begun()
    {
        await using var server = await RunningServer.StartNewAsync(("Delivery:Intake:BufferedRowsMax", "16384"));
        var file = await ResultsFile.MakeAsync(Rows, seed: 5);
        await SendHalfAsync(server, file);
        await RepeatAsync(server, file);
        Assert.Equal(await CleanAsync(file), Content(server));
    }

    [Fact]
    public async Task An_import_that_a_stopped_server_cut_is_repeated_as_if_it_had_never_begun()
    {
        await using var server = await RunningServer.StartNewAsync(("Delivery:Intake:BufferedRowsMax", "16384"));
        var file = await ResultsFile.MakeAsync(Rows, seed: 5);
        await SendHalfAsync(server, file);
        await server.StopAsync();
        await server.StartAsync();
        await server.Channel("stil-intake").ImportAsync("cut", file.Bytes);
        Assert.Equal(await CleanAsync(file), Content(server));
    }

    [Fact]
    public async Task A_second_import_at_the_same_time_is_refused_and_the_first_goes_on()
    {
        await using var server = await RunningServer.StartNewAsync();
        var file = await ResultsFile.MakeAsync(2_000, seed: 5);
        using var call = new IntakeService.IntakeServiceClient(server.Channel("stil-intake")).ImportResults();
        var frames = Upload.Frames("first", file.Bytes).ToList();
        await call.RequestStream.WriteAsync(frames[0]);
        await call.RequestStream.WriteAsync(frames[1]);

        // The first has begun once the second is refused for it.
        var refused = await UntilAsync(server, file);
        Assert.Contains("E_IMPORT_IN_PROGRESS", refused.Codes);
        foreach (var frame in frames.Skip(2))
        {
            await call.RequestStream.WriteAsync(frame);
        }

        await call.RequestStream.CompleteAsync();
        Assert.Equal(file.Lines.Count, (await call).AcceptedRowCount);
    }

    private static async Task<RefusedCall> UntilAsync(RunningServer server, ResultsFile file)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await server.Channel("stil-intake").ImportAsync($"second-{attempt}", file.Bytes);
            }
            catch (RpcException failure)
            {
                return RefusedCall.Of(failure);
            }
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

    private static async Task<string> CleanAsync(ResultsFile file)
    {
        await using var server = await RunningServer.StartNewAsync(("Delivery:Intake:BufferedRowsMax", "16384"));
        await server.Channel("stil-intake").ImportAsync("cut", file.Bytes);
        return Content(server);
    }

    // Every segment's place and a digest of what its columns hold, opened; the sealed bytes themselves differ by their nonces.
    private static string Content(RunningServer server)
    {
        var segments = server.Get<Store>().Read(db => db.Set<PartitionRow>().AsNoTracking().Where(row => row.CurrentGeneration > 0)
            .Join(db.Set<SegmentRow>(), row => new { row.PartitionId, Generation = row.CurrentGeneration }, segment => new { segment.PartitionId, segment.Generation }, (_, segment) => segment)
            .OrderBy(segment => segment.PartitionId).ThenBy(segment => segment.Ordinal)
            .AsEnumerable()
            .Select(segment => PartitionStore.Place(segment, Protocol.Domain.PartitionKey.TryFromId(segment.PartitionId, out var key) ? key : default))
            .ToList());
        using var reader = new SegmentReader(server.Get<Store>(), server.Get<PartitionKeys>());
        var content = new StringBuilder();
        foreach (var segment in segments)
        {
            content.Append(System.Globalization.CultureInfo.InvariantCulture, $"{segment.Partition} {segment.Generation} {segment.Ordinal} {segment.Rows} {segment.WithheldRows}");
            foreach (var column in Enum.GetValues<StoredColumn>().Where(segment.Holds))
            {
                content.Append(' ').Append(Convert.ToHexStringLower(SHA256.HashData(reader.Read(segment, column).Values)));
            }

            content.Append('\n');
        }

        return content.ToString();
    }
}
