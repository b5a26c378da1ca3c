using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Running;
using Microsoft.Data.Sqlite;

namespace Delivery.EndToEnd.Crash;

/// <summary>
/// A database file that was cut short or exchanged while the server was down. On SQLite only: the files of a PostgreSQL cluster are its own, and
/// it refuses damaged ones itself.
/// </summary>
[OneStore]
public sealed class DamagedFileTests
{
    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public async Task A_database_that_was_cut_short_is_not_served(double share)
    {
        await using var server = await StoppedAsync();
        using (var file = File.OpenWrite(FileOf(server)))
        {
            file.SetLength((long)(file.Length * share));
        }

        Assert.Contains("damaged", (await Assert.ThrowsAsync<InvalidDataException>(server.StartAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_not_served()
    {
        await using var server = await StoppedAsync();
        var bytes = await File.ReadAllBytesAsync(FileOf(server));
        bytes.AsSpan(0, 64).Fill((byte)'x');
        await File.WriteAllBytesAsync(FileOf(server), bytes);
        Assert.Contains("damaged", (await Assert.ThrowsAsync<InvalidDataException>(server.StartAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_lost_its_write_ahead_log_in_a_crash_is_not_served()
    {
        await using var server = await StoppedAsync();
        using (var child = await ChildServer.StartAsync(server))
        {
            await server.PushAsync(SampleApproval.Of(server, "IN-THE-LOG-ONLY"));
            await server.SignAsync();
            child.Kill();
        }

        // A server that stops folds this file into the database; one that was killed cannot.
        var newest = FileOf(server) + "-wal";
        Assert.NotEqual(0, new FileInfo(newest).Length);
        File.Delete(newest);
        Assert.Contains("older copy", (await Assert.ThrowsAsync<InvalidDataException>(server.StartAsync)).Message, StringComparison.Ordinal);
    }

    private static async Task<RunningServer> StoppedAsync()
    {
        var server = await SignedServer.StoppedAsync(StoreKind.Sqlite);
        SqliteConnection.ClearAllPools();
        return server;
    }

    private static string FileOf(RunningServer server) => ((SqliteDatabase)server.Database).File;
}
