using Delivery.Protocol.Log;
using Xunit.Abstractions;

namespace Delivery.Tests.Log;

/// <summary>
/// A corpus of whole logs, of which every bit is turned over once: proofs, leaves, checkpoints, links between checkpoints, tiles. None of the
/// altered ones may prove anything.
/// </summary>
public sealed class CorpusTests(ITestOutputHelper output) : IDisposable
{
    private const int SmallSizes = 20;

    // One full tile and an edge; its leaves are taken in steps, with those around the tile's border.
    private const int LargeSize = 300;
    private const int LargeStep = 23;

    private readonly List<SampleLog> _logs = [.. Enumerable.Range(1, SmallSizes).Append(LargeSize).Select(size => new SampleLog(size))];

    [Fact]
    public void Every_altered_bit_of_every_proof_and_leaf_is_refused()
    {
        var (proofs, leaves, accepted) = (0L, 0L, 0L);
        var places = _logs.Select(log => (Log: log, log.Head, Note: log.Note().Encode())).SelectMany(one => Indexes(one.Log).Select(index => (one.Log, one.Head, one.Note, Index: index)));
        Parallel.ForEach(places, place =>
        {
            var (log, head, note, index) = place;
            var policy = log.Policy();
            var proof = new TlogProof(index, InclusionProof.Build(index, head.Size, log.Node), note).Encode();
            var leaf = log[index];
            Assert.Equal(LogProofCode.Proven, LogProofVerifier.Verify(policy, leaf, proof).Code);
            // The note behind the proof's own lines has a test of its own; untouched, its signature need not be checked a million times.
            var own = proof.Length - note.Length;
            Interlocked.Add(ref proofs, own * 8L);
            Interlocked.Add(ref leaves, leaf.Length * 8L);
            Interlocked.Add(ref accepted, Flips(proof, own).LongCount(altered => Proves(policy, head, note, leaf, altered)));
            Interlocked.Add(ref accepted, Flips(leaf).LongCount(altered => Proves(policy, head, note, altered, proof)));
        });
        output.WriteLine($"{proofs} altered proofs and {leaves} altered leaves, {accepted} accepted");
        Assert.Equal(0, accepted);
    }

    [Fact]
    public void Every_altered_bit_of_every_checkpoint_is_refused()
    {
        var (count, accepted) = (0L, 0L);
        Parallel.ForEach(_logs, log =>
        {
            var policy = log.Policy(quorum: 1);
            var note = log.Note(witnesses: 1).Encode();
            Assert.Equal(LogProofCode.Proven, CheckpointVerifier.Open(policy, note).Code);
            Interlocked.Add(ref count, note.Length * 8L);
            Interlocked.Add(ref accepted, Flips(note).LongCount(altered => CheckpointVerifier.Open(policy, altered).Code is LogProofCode.Proven));
        });
        output.WriteLine($"{count} altered checkpoints, {accepted} accepted");
        Assert.Equal(0, accepted);
    }

    [Fact]
    public void Every_altered_bit_of_every_link_between_checkpoints_is_refused()
    {
        var (count, accepted) = (0L, 0L);
        foreach (var log in _logs)
        {
            var head = log.Head;
            foreach (var older in Indexes(log).Where(size => size > 0))
            {
                var olderRoot = Subtrees.Root(older, log.Node);
                var link = ConsistencyProof.Build(older, head.Size, log.Node);
                Assert.True(ConsistencyProof.Verify(older, olderRoot, head.Size, head.Root, link));
                var bytes = link.Prepend(olderRoot).Append(head.Root).SelectMany(hash => hash.ToArray()).ToArray();
                count += bytes.Length * 8L;
                accepted += Flips(bytes).LongCount(altered =>
                {
                    var hashes = altered.Chunk(LogHash.SizeBytes).Select(chunk => new LogHash(chunk)).ToList();
                    return ConsistencyProof.Verify(older, hashes[0], head.Size, hashes[^1], hashes[1..^1]);
                });
            }
        }

        output.WriteLine($"{count} altered links, {accepted} accepted");
        Assert.Equal(0, accepted);
    }

    [Fact]
    public void Every_altered_bit_of_every_tile_is_refused()
    {
        var (count, accepted) = (0L, 0L);
        foreach (var log in _logs)
        {
            var head = log.Head;
            var tiles = Tile.Covering(head.Size).ToDictionary(tile => (tile.Level, tile.Index), tile => BytesOf(log, tile));
            Assert.True(AreOf(head, tiles));
            foreach (var (place, bytes) in tiles)
            {
                count += bytes.Length * 8L;
                Parallel.ForEach(Flips(bytes), altered =>
                {
                    if (AreOf(head, new(tiles) { [place] = altered }))
                    {
                        Interlocked.Increment(ref accepted);
                    }
                });
            }
        }

        output.WriteLine($"{count} altered tiles, {accepted} accepted");
        Assert.Equal(0, accepted);
    }

    public void Dispose() => _logs.ForEach(log => log.Dispose());

    private static IEnumerable<int> Indexes(SampleLog log)
    {
        var size = (int)log.Head.Size;
        return size <= SmallSizes
            ? Enumerable.Range(0, size)
            : Enumerable.Range(0, size).Where(index => index % LargeStep == 0 || index is Tile.FullWidth - 1 or Tile.FullWidth || index == size - 1);
    }

    private static bool Proves(LogPolicy policy, Checkpoint head, byte[] note, byte[] leaf, byte[] proofBytes)
    {
        TlogProof proof;
        try
        {
            proof = TlogProof.Parse(proofBytes);
        }
        catch (LogFormatException)
        {
            return false;
        }

        return proof.Note.AsSpan().SequenceEqual(note)
            ? InclusionProof.Verify(LogHash.Leaf(leaf), proof.Index, head.Size, proof.Hashes, head.Root)
            : LogProofVerifier.Verify(policy, leaf, proofBytes).Code is LogProofCode.Proven;
    }

    // As a reader of tiles must: the right edge gives the root, and every hash above the leaves is that of the full tile below it.
    private static bool AreOf(Checkpoint head, Dictionary<(int Level, long Index), byte[]> tiles)
    {
        if (Subtrees.Root(head.Size, node => HashIn(tiles, node, head.Size)) != head.Root)
        {
            return false;
        }

        return tiles.Where(tile => tile.Key.Level > 0).All(tile => tile.Value.Chunk(LogHash.SizeBytes).Index().All(entry =>
            Fold(tiles[(tile.Key.Level - 1, (tile.Key.Index * Tile.FullWidth) + entry.Index)]) == new LogHash(entry.Item)));
    }

    private static LogHash HashIn(Dictionary<(int Level, long Index), byte[]> tiles, LogNode node, long size)
    {
        var tile = Tile.Holding(node, size);
        return Tile.Hash(node, tiles[(tile.Level, tile.Index)]);
    }

    private static LogHash Fold(ReadOnlySpan<byte> hashes) => hashes.Length == LogHash.SizeBytes
        ? new LogHash(hashes)
        : LogHash.Node(Fold(hashes[..(hashes.Length / 2)]), Fold(hashes[(hashes.Length / 2)..]));

    private static byte[] BytesOf(SampleLog log, Tile tile) =>
    [
        .. Enumerable.Range(0, tile.Width).SelectMany(at =>
            log.Node(new LogNode(tile.Level * Tile.Height, (tile.Index * Tile.FullWidth) + at)).ToArray()),
    ];

    private static IEnumerable<byte[]> Flips(byte[] bytes, int? within = null)
    {
        for (var bit = 0; bit < (within ?? bytes.Length) * 8; bit++)
        {
            var altered = (byte[])bytes.Clone();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            yield return altered;
        }
    }
}
