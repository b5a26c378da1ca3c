using Delivery.Protocol.Log;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;

namespace Delivery.Tests.Log;

public sealed class MerkleTests(ITestOutputHelper output)
{
    private const int ExhaustiveSize = 64;
    private const int LargeSize = 3000;

    // Inputs and roots of the reference trees that RFC 6962 implementations are compared by.
    private static readonly string[] KnownLeaves =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    private static readonly string[] KnownRoots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    [Fact]
    public void The_reference_trees_have_their_known_roots()
    {
        var range = new CompactRange();
        Assert.Equal(LogHash.FromHex(KnownRoots[0]), range.Root());
        for (var size = 1; size <= KnownLeaves.Length; size++)
        {
            range.Append(LogHash.Leaf(Convert.FromHexString(KnownLeaves[size - 1])));
            Assert.Equal(LogHash.FromHex(KnownRoots[size]), range.Root());
        }
    }

    [Fact]
    public void Every_leaf_of_every_small_tree_is_proven_as_the_definition_says()
    {
        var oracle = new TreeOracle(ExhaustiveSize);
        var checkedCount = 0;
        for (var size = 1L; size <= ExhaustiveSize; size++)
        {
            for (var index = 0L; index < size; index++)
            {
                var proof = InclusionProof.Build(index, size, oracle.Source);
                Assert.Equal(oracle.InclusionPath(index, 0, size), proof);
                Assert.True(InclusionProof.Verify(oracle[index], index, size, proof, oracle.Root(size)));
                for (var other = 0L; other <= size; other++)
                {
                    Assert.Equal(
                        other == index,
                        InclusionProof.Verify(oracle[index], other, size, proof, oracle.Root(size)));
                    checkedCount++;
                }
            }
        }

        output.WriteLine($"{checkedCount} pairs of leaf and index checked");
    }

    [Fact]
    public void Every_pair_of_small_trees_is_linked_as_the_definition_says()
    {
        var oracle = new TreeOracle(ExhaustiveSize);
        var forked = new TreeOracle(ExhaustiveSize, " rewritten");
        var checkedCount = 0;
        for (var newSize = 0L; newSize <= ExhaustiveSize; newSize++)
        {
            for (var oldSize = 0L; oldSize <= newSize; oldSize++)
            {
                var proof = ConsistencyProof.Build(oldSize, newSize, oracle.Source);
                if (oldSize > 0)
                {
                    Assert.Equal(oracle.ConsistencyPath(oldSize, 0, newSize, true), proof);
                }

                Assert.True(Linked(oracle, oldSize, oracle, newSize, proof));
                Assert.Equal(oldSize == 0, Linked(forked, oldSize, oracle, newSize, proof));
                Assert.Equal(oldSize == 0, Linked(oracle, oldSize, forked, newSize, proof));
                checkedCount += 3;
            }
        }

        output.WriteLine($"{checkedCount} pairs of trees checked");
    }

    [Fact]
    public void Any_leaf_of_any_tree_is_proven_and_any_flipped_bit_is_refused()
    {
        var oracle = new TreeOracle(LargeSize);
        var flips = 0;
        var places = from size in Gen.Choose(1, LargeSize)
                     from index in Gen.Choose(0, size - 1)
                     from bit in Gen.Choose(0, (8 * LogHash.SizeBytes) - 1)
                     select (size, index, bit);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(places.ToArbitrary(), place =>
        {
            var (size, index, bit) = place;
            var root = oracle.Root(size);
            var proof = InclusionProof.Build(index, size, oracle.Source);
            var altered = Alterations(proof, bit).ToList();
            flips += altered.Count + 2;
            return InclusionProof.Verify(oracle[index], index, size, proof, root)
                && !InclusionProof.Verify(Flip(oracle[index], bit), index, size, proof, root)
                && !InclusionProof.Verify(oracle[index], index, size, proof, Flip(root, bit))
                && altered.TrueForAll(wrong => !InclusionProof.Verify(oracle[index], index, size, wrong, root));
        }));
        output.WriteLine($"500 inclusion proofs, {flips} altered ones refused");
    }

    [Fact]
    public void Any_two_trees_of_one_history_are_linked_and_any_flipped_bit_is_refused()
    {
        var oracle = new TreeOracle(LargeSize);
        var flips = 0;
        var pairs = from newSize in Gen.Choose(1, LargeSize)
                    from oldSize in Gen.Choose(1, newSize)
                    from bit in Gen.Choose(0, (8 * LogHash.SizeBytes) - 1)
                    select (oldSize, newSize, bit);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(pairs.ToArbitrary(), pair =>
        {
            var (oldSize, newSize, bit) = pair;
            var (oldRoot, newRoot) = (oracle.Root(oldSize), oracle.Root(newSize));
            var proof = ConsistencyProof.Build(oldSize, newSize, oracle.Source);
            var altered = Alterations(proof, bit).ToList();
            flips += altered.Count + 2;
            return ConsistencyProof.Verify(oldSize, oldRoot, newSize, newRoot, proof)
                && !ConsistencyProof.Verify(oldSize, Flip(oldRoot, bit), newSize, newRoot, proof)
                && !ConsistencyProof.Verify(oldSize, oldRoot, newSize, Flip(newRoot, bit), proof)
                && altered.TrueForAll(wrong => !ConsistencyProof.Verify(oldSize, oldRoot, newSize, newRoot, wrong));
        }));
        output.WriteLine($"500 consistency proofs, {flips} altered ones refused");
    }

    [Fact]
    public void The_largest_sizes_neither_overflow_nor_hang()
    {
        var size = CanonicalJson.MaxInteger;
        Assert.InRange(InclusionProof.NodesNeeded(size - 1, size).Count, 1, 63 * 63);
        Assert.False(InclusionProof.Verify(default, long.MaxValue - 1, long.MaxValue, [], default));
        Assert.False(ConsistencyProof.Verify(1, default, long.MaxValue, default, [default]));
        Assert.False(InclusionProof.Verify(default, -1, 5, [], default));
        Assert.False(ConsistencyProof.Verify(-1, default, 5, default, []));
        Assert.Throws<ArgumentOutOfRangeException>(() => InclusionProof.Build(5, 5, _ => default));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConsistencyProof.Build(6, 5, _ => default));
    }

    [Fact]
    public void A_builder_is_told_beforehand_exactly_which_nodes_it_will_ask_for()
    {
        var oracle = new TreeOracle(ExhaustiveSize);
        var asked = new List<LogNode>();
        InclusionProof.Build(21, 50, node =>
        {
            asked.Add(node);
            return oracle.Source(node);
        });
        Assert.Equal(asked, InclusionProof.NodesNeeded(21, 50));
        Assert.All(asked, node => Assert.True(node.EndLeaf <= 50));
    }

    // Each hash flipped once, one hash missing, one too many: everything a proof's list can suffer.
    private static IEnumerable<IReadOnlyList<LogHash>> Alterations(IReadOnlyList<LogHash> proof, int bit)
    {
        for (var at = 0; at < proof.Count; at++)
        {
            yield return [.. proof.Take(at), Flip(proof[at], bit), .. proof.Skip(at + 1)];
        }

        if (proof.Count > 0)
        {
            yield return [.. proof.Skip(1)];
            yield return [.. proof.SkipLast(1)];
        }

        yield return [.. proof, LogHash.Empty];
    }

    private static LogHash Flip(LogHash hash, int bit)
    {
        var bytes = hash.ToArray();
        bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        return new LogHash(bytes);
    }

    private static bool Linked(
        TreeOracle older, long oldSize, TreeOracle newer, long newSize, IReadOnlyList<LogHash> proof) =>
        ConsistencyProof.Verify(oldSize, older.Root(oldSize), newSize, newer.Root(newSize), proof);
}
