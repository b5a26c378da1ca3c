using Delivery.Client.Log;
using Delivery.Client.Refusals;
using Delivery.Protocol.Log;
using Delivery.Tests.Log;

namespace Delivery.Tests.Client;

public sealed class LogVerificationTests : IDisposable
{
    private readonly SampleLog _log = new(9);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public LogVerificationTests()
    {
        File.WriteAllText(At("policy"), _log.Policy().Encode());
        File.WriteAllBytes(At("leaf"), _log[4]);
        File.WriteAllBytes(At("proof"), _log.Proof(4).Encode());
    }

    [Fact]
    public void A_leaf_of_the_log_is_proven_from_files_alone()
    {
        var outcome = Verify();
        Assert.Equal((LogVerdict.Proven, "Proven", 9L), (outcome.Verdict, outcome.Reason, outcome.LogSize));
        Assert.Equal(4, outcome.Entry!.Index);
    }

    [Fact]
    public void Another_leaf_is_refuted()
    {
        File.WriteAllBytes(At("leaf"), _log[5]);
        Assert.Equal((LogVerdict.Refuted, "LeafNotIncluded"), (Verify().Verdict, Verify().Reason));
    }

    [Fact]
    public void A_file_that_is_missing_or_something_else_is_unusable()
    {
        File.WriteAllText(At("proof"), "no proof");
        Assert.Equal(LogVerdict.Unusable, Verify().Verdict);
        File.Delete(At("proof"));
        Assert.Equal("FileUnreadable", Verify().Reason);
    }

    [Fact]
    public void A_checkpoint_seen_before_must_lie_in_the_same_past()
    {
        File.WriteAllBytes(At("before"), _log.Note().Encode());
        _log.Grow(3);
        File.WriteAllBytes(At("proof"), _log.Proof(4).Encode());
        var hashes = ConsistencyProof.Build(9, 12, _log.Node).Select(hash => Convert.ToBase64String(hash.ToArray())).ToArray();
        File.WriteAllLines(At("consistency"), hashes);

        Assert.Equal(LogVerdict.Proven, LogVerification.VerifyFiles(At("policy"), At("leaf"), At("proof"), At("before"), At("consistency")).Verdict);
        File.WriteAllLines(At("consistency"), hashes.Reverse());
        Assert.Equal("HistoryForked", LogVerification.VerifyFiles(At("policy"), At("leaf"), At("proof"), At("before"), At("consistency")).Reason);
    }

    [Fact]
    public void The_newest_checkpoint_is_kept_across_runs_and_never_goes_back()
    {
        var older = (_log.Head, _log.Note().Encode());
        _log.Grow(2);
        var memory = new CheckpointMemory(At("checkpoint"));
        Assert.Null(memory.Seen);
        memory.Remember(_log.Head, _log.Note().Encode());
        memory.Remember(older.Head, older.Item2);

        Assert.Equal(_log.Head, new CheckpointMemory(At("checkpoint")).Seen);
        File.WriteAllText(At("checkpoint"), "something else");
        Assert.Equal("E_FILE", Assert.Throws<DeliveryClientException>(() => new CheckpointMemory(At("checkpoint")).Seen).Code);
    }

    public void Dispose()
    {
        _log.Dispose();
        _folder.Delete(recursive: true);
    }

    private LogProofOutcome Verify() => LogVerification.VerifyFiles(At("policy"), At("leaf"), At("proof"));

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
