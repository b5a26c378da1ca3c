using Delivery.Client.Log;
using Delivery.Client.Refusals;
using Delivery.Protocol.Log;
using Delivery.Tests.Log;

namespace Delivery.Tests.Client;

/// <summary>A log as files: what is written, what is refused, and what a program that shares no code makes of it.</summary>
public sealed class LogTilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(66_000)]
    public async Task Every_tile_of_the_tree_is_written_and_nothing_else(int size)
    {
        using var log = new SampleLog(size);
        await ExportAsync(log);

        var files = Directory.EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder.FullName, file).Replace('\\', '/'));
        var tiles = Tile.Covering(size).ToList();
        Assert.Equal(
            tiles.Select(tile => tile.Path).Concat(tiles.Where(tile => tile.Level == 0).Select(tile => tile.EntriesPath)).Append("checkpoint").Order(StringComparer.Ordinal),
            files.Order(StringComparer.Ordinal));
        Assert.All(tiles, tile => Assert.Equal(
            Enumerable.Range(0, tile.Width).SelectMany(at => log.Node(new LogNode(tile.Level * Tile.Height, (tile.Index * Tile.FullWidth) + at)).ToArray()),
            File.ReadAllBytes(At(tile.Path))));
        var (head, nodes) = LogTiles.Open(_folder.FullName)!.Value;
        Assert.Equal(log.Head, head);
        Assert.Equal(log.Head.Root, Subtrees.Root(size, nodes));
    }

    [Fact]
    public async Task An_export_is_continued_and_never_forked()
    {
        using var log = new SampleLog(200);
        await ExportAsync(log);
        log.Grow(100);
        await ExportAsync(log);
        Assert.False(File.Exists(At("tile/0/000.p/200")), "a part of a tile was left beside the whole");

        using var other = new SampleLog(400);
        using var forked = new SampleLog(0);
        for (var index = 0; index < 400; index++)
        {
            forked.AppendRaw(other[399 - index]);
        }

        var (tile, bundle) = (File.ReadAllBytes(At("tile/0/000")), File.ReadAllBytes(At("tile/entries/000")));
        Assert.Equal("E_LOG_FORKED", (await Assert.ThrowsAsync<ProofRefusedException>(() => ExportAsync(forked))).Code);
        Assert.Equal(tile, File.ReadAllBytes(At("tile/0/000")));
        Assert.Equal(bundle, File.ReadAllBytes(At("tile/entries/000")));
        using var shorter = new SampleLog(299);
        Assert.Equal("E_LOG_FORKED", (await Assert.ThrowsAsync<ProofRefusedException>(() => ExportAsync(shorter))).Code);
    }

    [Fact]
    public async Task Leaves_that_do_not_make_the_root_leave_no_checkpoint_behind()
    {
        using var log = new SampleLog(20);
        var note = log.Note().Encode();
        await RefusedAsync(LeavesAsync(log, 19));
        await RefusedAsync(LeavesAsync(log, 20, altered: 7));
        Assert.False(File.Exists(At("checkpoint")));
        await ExportAsync(log);
        Assert.True(File.Exists(At("checkpoint")));

        async Task RefusedAsync(IAsyncEnumerable<ReadOnlyMemory<byte>> leaves)
        {
            Assert.Equal("E_PROOF_REFUSED", (await Assert.ThrowsAsync<ProofRefusedException>(() => LogTiles.WriteAsync(_folder.FullName, note, leaves))).Code);
        }
    }

    [Fact]
    public async Task A_folder_with_something_else_in_it_is_left_alone()
    {
        File.WriteAllText(At("thesis.txt"), "years of work");
        using var log = new SampleLog(3);
        await Assert.ThrowsAsync<IOException>(() => ExportAsync(log));
        Assert.Equal(["thesis.txt"], Directory.EnumerateFileSystemEntries(_folder.FullName).Select(Path.GetFileName));
    }

    [Fact]
    public async Task An_older_proof_is_checked_against_the_export_of_a_later_log()
    {
        using var log = new SampleLog(300);
        File.WriteAllText(Beside("policy"), log.Policy().Encode());
        File.WriteAllBytes(Beside("leaf"), log[4]);
        File.WriteAllBytes(Beside("proof"), log.Proof(4).Encode());
        log.Grow(300);
        await ExportAsync(log);
        var checkpoint = At("checkpoint");
        Assert.Equal("Proven", LogVerification.VerifyFiles(Beside("policy"), Beside("leaf"), Beside("proof"), checkpoint).Reason);

        // Away from its tiles the same checkpoint links to nothing, and without a signature it is nobody's.
        File.Copy(checkpoint, Beside("checkpoint"));
        Assert.Equal((LogVerdict.Unusable, "ConsistencyMissing"), Outcome(Beside("checkpoint")));
        File.WriteAllText(Beside("checkpoint"), File.ReadAllText(checkpoint).Replace("600\n", "601\n", StringComparison.Ordinal));
        Assert.Equal((LogVerdict.Unusable, "PreviousUntrusted"), Outcome(Beside("checkpoint")));
        File.WriteAllText(Beside("checkpoint"), "no note");
        Assert.Equal((LogVerdict.Unusable, "PreviousUnreadable"), Outcome(Beside("checkpoint")));

        (LogVerdict, string) Outcome(string previous) =>
            LogVerification.VerifyFiles(Beside("policy"), Beside("leaf"), Beside("proof"), previous) is var outcome ? (outcome.Verdict, outcome.Reason) : default;
    }

    [VerifierFact]
    public async Task A_verifier_that_shares_no_code_reproduces_the_root_and_believes_the_proof()
    {
        using var log = new SampleLog(700);
        await WriteForVerifierAsync(log, witnesses: 2);
        var (code, output) = await VerifyAsync();

        Assert.Equal(0, code);
        Assert.Contains($"\"root\":\"{log.Head.Root}\"", output, StringComparison.Ordinal);
        Assert.Contains("\"witnesses\":2", output, StringComparison.Ordinal);
        Assert.Contains("\"leaves\":700,\"proven_index\":260", output, StringComparison.Ordinal);
    }

    [VerifierFact]
    public async Task A_verifier_that_shares_no_code_refutes_every_altered_file()
    {
        using var log = new SampleLog(300);
        foreach (var file in new[] { "checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44", "../leaf", "../proof" })
        {
            await WriteForVerifierAsync(log, witnesses: 1);
            var bytes = File.ReadAllBytes(At(file));
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(At(file), bytes);
            var (code, output) = await VerifyAsync();
            Assert.True(code is 1 or 2, $"{file}: {output}");
            Directory.Delete(_folder.FullName, recursive: true);
        }
    }

    [VerifierFact]
    public async Task A_verifier_that_shares_no_code_believes_no_other_key_origin_or_number_of_witnesses()
    {
        using var log = new SampleLog(5);
        using var stranger = new SampleLog(5);
        using var elsewhere = new SampleLog(5, "log.delivery.example/other");
        await WriteForVerifierAsync(log, witnesses: 1);
        foreach (var policy in new[] { stranger.Policy(), elsewhere.Policy(), log.Policy(quorum: 2) })
        {
            File.WriteAllText(Beside("policy"), policy.Encode());
            Assert.Equal(1, (await VerifyAsync()).Code);
        }

        File.WriteAllText(Beside("policy"), "no policy");
        Assert.Equal(2, (await VerifyAsync()).Code);
    }

    public void Dispose()
    {
        foreach (var name in new[] { "policy", "leaf", "proof", "checkpoint" })
        {
            File.Delete(Beside(name));
        }

        if (_folder.Exists)
        {
            _folder.Delete(recursive: true);
        }
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> LeavesAsync(SampleLog log, long count, int altered = -1)
    {
        for (var index = 0; index < count; index++)
        {
            yield return index == altered ? new byte[] { 1 } : log[index];
        }

        await Task.CompletedTask;
    }

    private Task<LogExport> ExportAsync(SampleLog log, int witnesses = 0) =>
        LogTiles.WriteAsync(_folder.FullName, log.Note(witnesses).Encode(), LeavesAsync(log, log.Head.Size));

    private async Task WriteForVerifierAsync(SampleLog log, int witnesses)
    {
        await ExportAsync(log, witnesses);
        File.WriteAllText(Beside("policy"), log.Policy(quorum: 1).Encode());
        File.WriteAllBytes(Beside("leaf"), log[Math.Min(260, (int)log.Head.Size - 1)]);
        File.WriteAllBytes(Beside("proof"), log.Proof(Math.Min(260, log.Head.Size - 1), witnesses).Encode());
    }

    private Task<(int Code, string Output)> VerifyAsync() =>
        NodeScript.VerifyAsync("--tiles", _folder.FullName, "--policy", Beside("policy"), "--leaf", Beside("leaf"), "--proof", Beside("proof"));

    private string At(string path) => path.StartsWith("../", StringComparison.Ordinal) ? Beside(path[3..]) : Path.Combine(_folder.FullName, path.Replace('/', Path.DirectorySeparatorChar));

    private string Beside(string name) => $"{_folder.FullName}.{name}";
}
