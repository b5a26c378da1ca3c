using System.Security.Cryptography;
using Delivery.Protocol.Log;
using Delivery.Server.TransferLog;
using Delivery.Tests.Log;

namespace Delivery.Tests.TransferLog;

/// <summary>What a check of a log at rest finds: nothing in a sound one, and every change in an altered one.</summary>
public sealed class LogFolderTests
{
    // Enough leaves for a full tile.
    private const int Calls = 70;

    [Fact]
    public async Task A_sound_log_is_found_sound_and_counted()
    {
        await using var log = await SoundLog.MakeAsync(Calls);
        await log.AddAsync(SoundLog.Opened(log.NextCall()));

        var report = log.Check(log.Policy);

        Assert.Empty(report.Findings);
        Assert.Equal((SampleLeaves.Origin, 3L + (4 * Calls), 1L, 2L), (report.Origin, report.LogSize, report.TileCount, report.CheckpointCount));
        Assert.Equal((Calls + 1L, 1L, true), (report.CallCount, report.OpenCallCount, report.SignaturesChecked));
        Assert.Equal((2L * Calls, 1L), (report.LeafCounts["range.released"], report.LeafCounts["log.genesis"]));
    }

    [Theory]
    [InlineData("UPDATE log_leaf SET body = CAST(replace(CAST(body AS TEXT), '\"row_count\":100', '\"row_count\":101') AS BLOB) WHERE idx = 5", LogFault.LeafHashDiffers)]
    [InlineData("UPDATE log_leaf SET leaf_hash = zeroblob(32) WHERE idx = 7", LogFault.LeafHashDiffers)]
    [InlineData("UPDATE log_leaf SET body = CAST(' ' || CAST(body AS TEXT) AS BLOB) WHERE idx = 3", LogFault.LeafMalformed)]
    [InlineData("UPDATE log_leaf SET body = (SELECT body FROM log_leaf WHERE idx = 6) WHERE idx = 10", LogFault.LeafMisplaced)]
    [InlineData("DELETE FROM log_leaf WHERE idx = 9", LogFault.LeafMissing)]
    [InlineData("DELETE FROM log_leaf WHERE idx > 279", LogFault.HeadDiffers)]
    [InlineData("UPDATE log_leaf SET kind = 'receipt' WHERE idx = 3", LogFault.LeafColumnsDiffer)]
    [InlineData("UPDATE log_leaf SET organisation = 'other' WHERE idx = 3", LogFault.LeafColumnsDiffer)]
    [InlineData("UPDATE log_tile SET hashes = zeroblob(8192)", LogFault.TileDiffers)]
    [InlineData("UPDATE log_tile SET root = zeroblob(32)", LogFault.TileDiffers)]
    [InlineData("DELETE FROM log_tile", LogFault.TileDiffers)]
    [InlineData("INSERT INTO log_tile (level, idx, hashes, root) VALUES (0, 99, x'00', x'00')", LogFault.TileSurplus)]
    [InlineData("UPDATE log_head SET size = 99", LogFault.HeadDiffers)]
    [InlineData("UPDATE log_head SET frontier = zeroblob(40)", LogFault.HeadDiffers)]
    [InlineData("UPDATE log_head SET last_timestamp_ms = 1", LogFault.HeadDiffers)]
    [InlineData("DELETE FROM log_head", LogFault.HeadDiffers)]
    [InlineData("UPDATE log_checkpoint SET root = zeroblob(32) WHERE size = 2", LogFault.CheckpointDiffers)]
    [InlineData("UPDATE log_checkpoint SET note = (SELECT note FROM log_checkpoint WHERE size = 2)", LogFault.CheckpointDiffers)]
    [InlineData("UPDATE log_checkpoint SET note = CAST('no note' AS BLOB)", LogFault.CheckpointMalformed)]
    [InlineData("INSERT INTO log_checkpoint (size, root, note) SELECT 9999, root, note FROM log_checkpoint WHERE size = 2", LogFault.CheckpointDiffers)]
    [InlineData("UPDATE log_checkpoint SET note = CAST(substr(CAST(note AS TEXT), 1, length(CAST(note AS TEXT)) - 24) || 'AAAAAAAA' || substr(CAST(note AS TEXT), -16) AS BLOB)", LogFault.CheckpointUnsigned)]
    [InlineData("INSERT INTO log_cosignature (size, witness, note) SELECT 2, 'someone', note FROM log_checkpoint WHERE size = 2", LogFault.CosignatureWrong)]
    [InlineData("INSERT INTO log_cosignature (size, witness, note) SELECT 77, 'someone', note FROM log_checkpoint WHERE size = 2", LogFault.CosignatureWrong)]
    public async Task Every_alteration_is_found(string sql, object fault)
    {
        await using var log = await SoundLog.MakeAsync(Calls);
        await log.AlterAsync(sql);
        Assert.Contains((LogFault)fault, log.Check(log.Policy).Findings.Select(finding => finding.Fault));
    }

    [Fact]
    public async Task A_checkpoint_of_another_key_is_unsigned_and_without_a_policy_not_judged()
    {
        await using var log = await SoundLog.MakeAsync(1);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var other = new LogPolicy(SampleLeaves.Origin, [new VerifierKey(NoteKeyKind.Log, SampleLeaves.Origin, key.ExportSubjectPublicKeyInfo())]).Encode();

        Assert.All(log.Check(other).Findings, finding => Assert.Equal(LogFault.CheckpointUnsigned, finding.Fault));
        Assert.Equal((2L, 0L), (log.Check(other).FindingCount, log.Check().FindingCount));
        Assert.Throws<InvalidDataException>(() => log.Check("no policy"));
    }

    [Fact]
    public async Task A_pin_that_is_gone_or_says_otherwise_is_found()
    {
        await using var log = await SoundLog.MakeAsync(1);
        var size = log.Check().LogSize;

        log.Pin.Write(size, LogHash.Empty);
        Assert.Equal(LogFault.PinContradicts, Assert.Single(log.Check().Findings).Fault);
        log.Pin.Write(size + 1, LogHash.Empty);
        Assert.Equal(new LogFinding(LogFault.PinContradicts, size + 1), Assert.Single(log.Check().Findings));
        File.Delete(Path.Combine(log.Folder, "log.pin"));
        Assert.Equal(LogFault.PinMissing, Assert.Single(log.Check().Findings).Fault);
        File.WriteAllText(Path.Combine(log.Folder, "log.pin"), "nonsense");
        Assert.Equal(LogFault.PinMissing, Assert.Single(log.Check().Findings).Fault);
    }

    [Fact]
    public async Task A_call_has_one_beginning_ranges_without_gaps_and_one_end()
    {
        await FindsAsync(LogFault.CallOpenedTwice, call => [SoundLog.Opened(call), SoundLog.Opened(call)]);
        await FindsAsync(LogFault.CallOpenedTwice, call => [SoundLog.Opened(call), SoundLog.Aborted(call, 0), SoundLog.Opened(call)]);
        await FindsAsync(LogFault.CallOutOfTurn, call => [SoundLog.Released(call, 0, 1)]);
        await FindsAsync(LogFault.CallOutOfTurn, call => [SoundLog.Opened(call), SoundLog.Aborted(call, 0), SoundLog.Aborted(call, 0)]);
        await FindsAsync(LogFault.CallOutOfTurn, call => [SoundLog.Opened(call), SoundLog.Aborted(call, 0), SoundLog.Released(call, 0, 1)]);
        await FindsAsync(LogFault.RangesDoNotCover, call => [SoundLog.Opened(call), SoundLog.Released(call, 0, 1), SoundLog.Released(call, 2, 3)]);
        await FindsAsync(LogFault.RangesDoNotCover, call => [SoundLog.Opened(call), SoundLog.Released(call, 1, 2)]);
        await FindsAsync(LogFault.RangesDoNotCover, call => [SoundLog.Opened(call), SoundLog.Released(call, 0, 2), SoundLog.Completed(call, 3)]);
        await FindsAsync(LogFault.RangesDoNotCover, call => [SoundLog.Opened(call), SoundLog.Completed(call, 1)]);
        await FindsAsync(LogFault.RangesDoNotCover, call => [SoundLog.Opened(call), SoundLog.Released(call, 0, 2), SoundLog.Aborted(call, 1)]);
        await FindsAsync(
            LogFault.ReleasedAfterStop,
            call => [SoundLog.Opened(call), LeafDraft.ApprovalWithdrawn(SampleLeaves.Actor, SoundLog.Project, SampleLeaves.Approval), SoundLog.Released(call, 0, 1)]);
    }

    [Fact]
    public async Task A_resumed_call_may_begin_where_an_earlier_one_was_cut()
    {
        await using var log = await SoundLog.MakeAsync(0);
        var (cut, resumed) = (SampleLeaves.Digest("a cut call"), SampleLeaves.Digest("a cut call"));
        while (resumed == cut || resumed.ToString()[0] != cut.ToString()[0])
        {
            resumed = log.NextCall();
        }

        await log.AddAsync(SoundLog.Opened(cut), SoundLog.Released(cut, 0, 3), SoundLog.Aborted(cut, 3), SoundLog.Opened(resumed), SoundLog.Released(resumed, 2, 4), SoundLog.Completed(resumed, 4));

        Assert.Empty(log.Check().Findings);
    }

    [Fact]
    public async Task A_database_that_was_cut_off_is_never_found_sound()
    {
        await using var log = await SoundLog.MakeAsync(Calls);
        var cut = Path.Combine(log.Folder, "cut");
        Directory.CreateDirectory(cut);
        await log.AtRestAsync(database =>
        {
            var bytes = File.ReadAllBytes(database);
            for (var length = bytes.Length - 16_384; length > 0; length -= 5 * 16_384)
            {
                File.WriteAllBytes(Path.Combine(cut, "delivery.db"), bytes[..length]);
                Assert.False(IsSound(cut), $"{length} of {bytes.Length} bytes were found sound");
            }
        });
    }

    [Fact]
    public void A_folder_that_holds_no_log_is_unusable()
    {
        var folder = Directory.CreateTempSubdirectory();
        Assert.Throws<InvalidDataException>(() => LogFolder.Open(folder.FullName));
        File.WriteAllText(Path.Combine(folder.FullName, "delivery.db"), "this is no database at all, however long it may be. ".PadRight(5000));
        Assert.Throws<InvalidDataException>(() => LogFolder.Open(folder.FullName));
        folder.Delete(recursive: true);
    }

    private static async Task FindsAsync(LogFault fault, Func<LogHash, LeafDraft[]> write)
    {
        await using var log = await SoundLog.MakeAsync(0);
        await log.AddAsync(write(SampleLeaves.Digest("the call")));
        Assert.Equal(fault, Assert.Single(log.Check().Findings).Fault);
    }

    private static bool IsSound(string folder)
    {
        try
        {
            using var log = LogFolder.Open(folder);
            return log.Check(null).FindingCount == 0;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
