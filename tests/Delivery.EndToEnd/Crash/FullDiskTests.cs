using Delivery.EndToEnd.Running;
using Delivery.EndToEnd.Running.Postgres;

namespace Delivery.EndToEnd.Crash;

/// <summary>A recipient whose disk is full before the extract is.</summary>
public abstract class FullDiskTests(StoreKind store)
{
    private const int BlockBytes = 512;

    [Theory]
    [InlineData(".arrow")]
    [InlineData(".arrows")]
    [InlineData(".csv")]
    public async Task A_pull_onto_a_full_disk_is_refused_and_gone_on_with_when_there_is_room(string form)
    {
        await using var extract = await PulledExtract.MakeAsync(store);
        using var server = await ChildServer.StartAsync(extract.Server);
        var whole = await PullAsync(extract, "whole" + form);
        var bytes = await File.ReadAllBytesAsync(extract.At("whole" + form));

        using (var full = ChildTool.StartPullOnFullDisk(extract.Server, PulledExtract.Project, extract.At("results" + form), bytes.Length / 2 / BlockBytes))
        {
            var refused = await full.EndAsync();
            Assert.Equal(2, refused.Code);
            Assert.Equal("E_FILE", (string?)refused.Json["code"]);
        }

        Assert.False(File.Exists(extract.At("results" + form)));
        Assert.True(File.Exists(extract.At($"results{form}.state")));
        var rest = await PullAsync(extract, "results" + form);
        Assert.Contains("Resuming ", rest.Talk, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(extract.At("results" + form)));
        Assert.Equal((string?)ChildTool.Result(whole)["output_sha256"], (string?)ChildTool.Result(rest)["output_sha256"]);
    }

    private static async Task<ToolRun> PullAsync(PulledExtract extract, string name)
    {
        using var pull = ChildTool.StartPull(extract.Server, extract.Server.Address, PulledExtract.Project, extract.At(name));
        var run = await pull.EndAsync();
        Assert.True(run.Code == 0, run.Talk);
        return run;
    }
}

public sealed class FullDiskTestsOnSqlite() : FullDiskTests(StoreKind.Sqlite);

[NeedsPostgres]
public sealed class FullDiskTestsOnPostgres() : FullDiskTests(StoreKind.Postgres);
