using System.Security.Cryptography;
using Delivery.Client.Intake;
using Delivery.Client.Refusals;

namespace Delivery.Tests.Client;

/// <summary>An import that something stood in the way of is sent again from its beginning, for a bounded time, and only where that helps.</summary>
public sealed class ImportRetryTests(TestServer server) : IClassFixture<TestServer>, IDisposable
{
    private const int FileBytes = 3_000_001;
    private const string Busy = "E_IMPORT_IN_PROGRESS";
    private const string Cut = "cut";

    private readonly List<string> _waitedFor = [];
    private readonly HastyClock _clock = new();

    [Fact]
    public async Task An_import_waits_for_the_one_before_it()
    {
        Assert.Equal(FileBytes, (await ImportAsync(9, Busy, Busy, Busy)).AcceptedRows);
        Assert.Equal([Busy, Busy, Busy], _waitedFor);
    }

    [Fact]
    public async Task A_file_whose_connection_was_lost_is_sent_again_as_a_whole()
    {
        Assert.Equal(FileBytes, (await ImportAsync(9, Cut, Cut)).AcceptedRows);
        Assert.Equal(["E_SERVER_UNREACHABLE", "E_SERVER_UNREACHABLE"], _waitedFor);
    }

    [Fact]
    public async Task An_import_that_never_ends_is_told_after_so_many_attempts()
    {
        var refused = await Assert.ThrowsAsync<DeliveryRefusedException>(() => ImportAsync(3, Busy, Busy, Busy, Busy));
        Assert.Equal(Busy, refused.Code);
        Assert.Equal([Busy, Busy], _waitedFor);
        Assert.Single(server.ImportMishaps);
    }

    [Fact]
    public async Task A_refusal_that_stays_is_told_at_once()
    {
        Assert.Equal("E_IMPORT_DIGEST", (await Assert.ThrowsAsync<DeliveryRefusedException>(() => ImportAsync(9, "E_IMPORT_DIGEST"))).Code);
        Assert.Empty(_waitedFor);
    }

    [Fact]
    public async Task A_server_that_never_answered_is_told_at_once()
    {
        var refused = await Assert.ThrowsAsync<DeliveryClientException>(() => ImportAsync(9, new Uri("https://localhost:1")));
        Assert.Equal("E_SERVER_UNREACHABLE", refused.Code);
        Assert.Empty(_waitedFor);
    }

    [Fact]
    public async Task The_waits_grow_and_end()
    {
        await Assert.ThrowsAsync<DeliveryRefusedException>(() => ImportAsync(9, [.. Enumerable.Repeat(Busy, 9)]));
        Assert.Equal(8, _waitedFor.Count);
        Assert.Equal(8, _clock.Waits.Count);
        Assert.All(_clock.Waits, wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(30)));
        Assert.True(_clock.Waits[^1] > _clock.Waits[0]);
    }

    [Fact]
    public async Task No_attempt_at_all_is_a_wrong_setting() =>
        Assert.Equal("E_SETTINGS", (await Assert.ThrowsAsync<DeliveryClientException>(() => ImportAsync(0))).Code);

    public void Dispose() => server.ImportMishaps.Clear();

    private Task<ImportReport> ImportAsync(int attemptsMax, params string[] mishaps)
    {
        foreach (var mishap in mishaps)
        {
            server.ImportMishaps.Enqueue(mishap);
        }

        return ImportAsync(attemptsMax, server.Address);
    }

    private async Task<ImportReport> ImportAsync(int attemptsMax, Uri address)
    {
        var file = server.At("again.csv");
        await File.WriteAllBytesAsync(file, RandomNumberGenerator.GetBytes(FileBytes));
        using var client = server.Client(address: address, clock: _clock);
        return await client.Intake.ImportCsvAsync(file, new ImportOptions { SourceDeliveryId = "again", AttemptsMax = attemptsMax }, new Waits(_waitedFor));
    }

    private sealed class Waits(List<string> codes) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value)
        {
            if (value.WaitsFor is { } obstacle)
            {
                codes.Add(obstacle.Code);
            }
        }
    }
}
