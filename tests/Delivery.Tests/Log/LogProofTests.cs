using System.Text;
using Delivery.Protocol.Log;
using Xunit.Abstractions;

namespace Delivery.Tests.Log;

public sealed class LogProofTests(ITestOutputHelper output) : IDisposable
{
    private const int Size = 53;
    private readonly SampleLog _log = new(Size);

    [Fact]
    public void Every_leaf_is_proven_offline()
    {
        for (var index = 0; index < Size; index++)
        {
            var result = LogProofVerifier.Verify(_log.Policy(), _log[index], _log.Proof(index).Encode());
            Assert.Equal((LogProofCode.Proven, LogProofVerdict.Proven), (result.Code, result.Verdict));
            Assert.Equal(index, result.Leaf?.Index);
            Assert.Equal(_log.Head, result.Checkpoint);
        }
    }

    [Fact]
    public void Every_altered_bit_of_leaf_or_proof_is_noticed()
    {
        const int index = 14;
        var policy = _log.Policy(quorum: 1);
        var (leaf, proof) = (_log[index], _log.Proof(index, witnesses: 1).Encode());
        Assert.Equal(LogProofCode.Proven, LogProofVerifier.Verify(policy, leaf, proof).Code);
        var codes = new Dictionary<LogProofCode, int>();
        foreach (var altered in Flips(proof))
        {
            Count(codes, LogProofVerifier.Verify(policy, leaf, altered).Code);
        }

        foreach (var altered in Flips(leaf))
        {
            Count(codes, LogProofVerifier.Verify(policy, altered, proof).Code);
        }

        output.WriteLine(string.Join(", ", codes.Select(code => $"{code.Key} {code.Value}")));
        Assert.DoesNotContain(LogProofCode.Proven, codes.Keys);
        Assert.Equal(8 * (proof.Length + leaf.Length), codes.Values.Sum());
    }

    [Fact]
    public void A_proof_of_another_leaf_or_index_is_refuted()
    {
        var proof = _log.Proof(14);
        Assert.Equal(LogProofCode.LeafNotIncluded, Check(_log[15], proof));
        Assert.Equal(LogProofCode.LeafNotIncluded, Check(_log[14], proof with { Index = 15 }));
        Assert.Equal(LogProofCode.LeafNotIncluded, Check(_log[14], proof with { Index = Size }));
        Assert.Equal(LogProofCode.LeafNotIncluded, Check(_log[14], proof with { Hashes = [.. proof.Hashes, LogHash.Empty] }));
    }

    [Fact]
    public void Another_key_or_origin_is_refuted()
    {
        using var impostor = new SampleLog(Size);
        using var other = new SampleLog(Size, "log.delivery.example/other");
        Assert.Equal(LogProofCode.SignatureMissing, Check(_log[3], impostor.Proof(3)));
        Assert.Equal(LogProofCode.OriginDiffers, Check(_log[3], other.Proof(3)));
        var keys = new LogPolicy(SampleLeaves.Origin, [_log.LogSigner.Verifier, impostor.LogSigner.Verifier]);
        Assert.Equal(LogProofCode.Proven, LogProofVerifier.Verify(keys, _log[3], impostor.Proof(3).Encode()).Code);
    }

    [Fact]
    public void A_witness_alone_does_not_speak_for_the_log()
    {
        var note = _log.Note(witnesses: 1);
        var alone = new SignedNote(note.Text, [note.Signatures[1]]);
        var proof = _log.Proof(3) with { Note = alone.Encode() };
        Assert.Equal(LogProofCode.SignatureMissing, LogProofVerifier.Verify(_log.Policy(1), _log[3], proof.Encode()).Code);
    }

    [Theory]
    [InlineData(0, 1, LogProofCode.QuorumMissing)]
    [InlineData(1, 1, LogProofCode.Proven)]
    [InlineData(1, 2, LogProofCode.QuorumMissing)]
    [InlineData(2, 2, LogProofCode.Proven)]
    [InlineData(2, 0, LogProofCode.Proven)]
    internal void As_many_witnesses_as_the_policy_asks_for(int witnesses, int quorum, LogProofCode code)
    {
        var result = LogProofVerifier.Verify(_log.Policy(quorum), _log[3], _log.Proof(3, witnesses).Encode());
        Assert.Equal(code, result.Code);
        Assert.Equal(
            code is LogProofCode.Proven && quorum > 0 ? witnesses : 0,
            result.Cosignatures.Count(signature => signature.TimeSeconds == SampleLog.WitnessTime));
    }

    [Fact]
    public void A_leaf_that_says_another_place_convicts_the_log()
    {
        _log.AppendRaw(SampleLeaves.Compose(LeafType.Receipt, index: 5));
        _log.AppendRaw("not a leaf"u8.ToArray());
        _log.AppendRaw(Leaf.Compose(SampleLeaves.All[0], "log.delivery.example/other", Size + 2, SampleLeaves.TimestampMs));
        Assert.Equal(LogProofCode.LeafMisplaced, Check(_log[Size], _log.Proof(Size)));
        Assert.Equal(LogProofCode.LeafMalformed, Check(_log[Size + 1], _log.Proof(Size + 1)));
        Assert.Equal(LogProofCode.LeafMisplaced, Check(_log[Size + 2], _log.Proof(Size + 2)));
    }

    [Fact]
    public void A_head_seen_before_must_belong_to_the_same_history()
    {
        var seen = _log.Head;
        _log.Grow(40);
        var proof = _log.Proof(60);
        var link = ConsistencyProof.Build(Size, Size + 40, _log.Node);
        Assert.Equal(LogProofCode.Proven, Check(_log[60], proof, new SeenCheckpoint(seen, link)));
        Assert.Equal(LogProofCode.Proven, Check(_log[60], proof, new SeenCheckpoint(_log.Head, [])));
        Assert.Equal(LogProofCode.HistoryForked, Check(_log[60], proof, new SeenCheckpoint(seen, [])));
        Assert.Equal(LogProofCode.HistoryForked, Check(_log[60], proof, new SeenCheckpoint(seen, [.. link.Skip(1)])));
    }

    [Fact]
    public void A_proof_asked_for_long_ago_is_checked_against_a_head_seen_since()
    {
        var old = _log.Proof(14);
        _log.Grow(40);
        var link = ConsistencyProof.Build(Size, Size + 40, _log.Node);
        Assert.Equal(LogProofCode.Proven, Check(_log[14], old, new SeenCheckpoint(_log.Head, link)));
    }

    [Fact]
    public void A_forked_history_is_refuted_whatever_proof_comes_with_it()
    {
        var seen = new Checkpoint(SampleLeaves.Origin, Size, new TreeOracle(Size, " rewritten").Root(Size));
        _log.Grow(40);
        var link = ConsistencyProof.Build(Size, Size + 40, _log.Node);
        Assert.Equal(LogProofCode.HistoryForked, Check(_log[60], _log.Proof(60), new SeenCheckpoint(seen, link)));
        var sameSize = new Checkpoint(SampleLeaves.Origin, Size + 40, LogHash.Empty);
        Assert.Equal(LogProofCode.HistoryForked, Check(_log[60], _log.Proof(60), new SeenCheckpoint(sameSize, [])));
        var otherLog = new Checkpoint("another.example", 0, LogHash.Empty);
        Assert.Equal(LogProofCode.HistoryForked, Check(_log[60], _log.Proof(60), new SeenCheckpoint(otherLog, [])));
    }

    [Fact]
    public void What_cannot_be_read_is_unusable_and_never_proves()
    {
        var proof = _log.Proof(3).Encode();
        Assert.Equal(LogProofCode.PolicyUnreadable, LogProofVerifier.Verify("policy?", _log[3], proof).Code);
        Assert.Equal(LogProofCode.Proven, LogProofVerifier.Verify(_log.Policy().Encode(), _log[3], proof).Code);
        Assert.Equal(LogProofCode.ProofUnreadable, LogProofVerifier.Verify(_log.Policy(), _log[3], []).Code);
        Assert.Equal(LogProofCode.LeafUnreadable, LogProofVerifier.Verify(_log.Policy(), [], proof).Code);
        Assert.Equal(LogProofCode.CheckpointUnreadable, Check(_log[3], _log.Proof(3) with { Note = [.. "note\n"u8] }));
        Assert.All(
            [LogProofCode.PolicyUnreadable, LogProofCode.ProofUnreadable, LogProofCode.LeafUnreadable],
            code => Assert.Equal(LogProofVerdict.Unusable, LogProofResult.VerdictOf(code)));
    }

    [Fact]
    public void A_proof_is_written_as_the_specification_shows()
    {
        var hash = new LogHash(new byte[LogHash.SizeBytes]);
        var proof = new TlogProof(73894, [hash], [.. "note\n"u8], [1, 2, 3]);
        const string text =
            "c2sp.org/tlog-proof@v1\nextra AQID\nindex 73894\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\nnote\n";
        Assert.Equal(text, Encoding.ASCII.GetString(proof.Encode()));
        var read = TlogProof.Parse(proof.Encode());
        Assert.Equal(proof.Encode(), read.Encode());
        Assert.Equal([1, 2, 3], read.Extra);
        Assert.Null(TlogProof.Parse((proof with { Extra = null }).Encode()).Extra);
    }

    [Theory]
    [InlineData("c2sp.org/tlog-proof@v2\nindex 0\n\nnote\n")]
    [InlineData("c2sp.org/tlog-proof@v1\n\nnote\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 00\n\nnote\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 1 \n\nnote\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\nextra AQID\n\nnote\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nextra AQI\nindex 0\n\nnote\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nnote\n")]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\n")]
    public void What_is_not_a_proof_is_refused(string text) => Assert.Equal(
        LogFormatException.Proof,
        Assert.Throws<LogFormatException>(() => TlogProof.Parse(Encoding.ASCII.GetBytes(text))).Code);

    public void Dispose() => _log.Dispose();

    private LogProofCode Check(byte[] leaf, TlogProof proof, SeenCheckpoint? previous = null) =>
        LogProofVerifier.Verify(_log.Policy(), leaf, proof.Encode(), previous).Code;

    private static IEnumerable<byte[]> Flips(byte[] bytes)
    {
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var altered = (byte[])bytes.Clone();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            yield return altered;
        }
    }

    private static void Count(Dictionary<LogProofCode, int> codes, LogProofCode code) =>
        codes[code] = codes.GetValueOrDefault(code) + 1;
}
