using System.Globalization;
using System.Text;

namespace Delivery.Tests.Simulation;

/// <summary>
/// Holds a recovered log against what people outside hold. It shares no code with the service: own JSON, own hashes, own signatures. Each
/// finding is one sentence.
/// </summary>
internal sealed class LogInvariants(RecoveredLog log, Outside outside, byte[] logPublicKey)
{
    private readonly List<string> _broken = [];
    private readonly MerkleSecondOpinion _tree = new([.. log.Leaves.Select(leaf => leaf.Body)]);

    /// <summary>What does not hold, right after recovery; empty when all does.</summary>
    public IReadOnlyList<string> Broken()
    {
        NoGaps();
        Tiles();
        Checkpoints();
        Proofs();
        Answers();
        CallsEndOnce();
        BytesAreCovered();
        NothingAfterAWithdrawal();
        return _broken;
    }

    private void Require(bool holds, FormattableString otherwise)
    {
        if (!holds)
        {
            _broken.Add(otherwise.ToString(CultureInfo.InvariantCulture));
        }
    }

    private void NoGaps()
    {
        Require(log.Size == log.Leaves.Count, $"The head says {log.Size} leaves, there are {log.Leaves.Count}.");
        var last = 0L;
        foreach (var (at, leaf) in log.Leaves.Index())
        {
            Require(leaf.Row == at && leaf.Number("index") == at, $"Place {at} holds the leaf of row {leaf.Row} that says {leaf.Number("index")}.");
            Require(leaf.StoredHash.AsSpan().SequenceEqual(HashOf(leaf)), $"The stored hash of leaf {at} is not that of its bytes.");
            Require(leaf.Number("ts_ms") >= last, $"Time runs backwards at leaf {at}.");
            last = leaf.Number("ts_ms");
        }

        static byte[] HashOf(RecoveredLeaf leaf) => System.Security.Cryptography.SHA256.HashData([0, .. leaf.Body]);
    }

    private void Tiles()
    {
        const int width = 256;
        var full = log.Tiles.Where(tile => tile.Level == 0).ToList();
        Require(full.Count == log.Leaves.Count / width, $"{log.Leaves.Count} leaves have {full.Count} full tiles.");
        foreach (var (_, index, hashes, root) in full.Where(tile => (tile.Index + 1) * width <= log.Leaves.Count))
        {
            var leaves = log.Leaves.Skip((int)index * width).Take(width).ToList();
            Require(hashes.AsSpan().SequenceEqual(leaves.SelectMany(leaf => leaf.StoredHash).ToArray()), $"Tile {index} does not hold the hashes of its leaves.");
            Require(root.AsSpan().SequenceEqual(new MerkleSecondOpinion([.. leaves.Select(leaf => leaf.Body)]).Root(width)), $"Tile {index} has another root.");
        }
    }

    private void Checkpoints()
    {
        var roots = new Dictionary<int, byte[]>();
        foreach (var bytes in outside.Checkpoints.Concat(log.Checkpoints).Concat(outside.Proofs.Select(proof => NoteOf(proof.Proof))))
        {
            var note = NoteSecondOpinion.Read(bytes, logPublicKey);
            Require(note.IsSigned, $"The checkpoint of {note.Size} leaves is not signed by the log.");
            Require(!roots.TryGetValue(note.Size, out var other) || other.AsSpan().SequenceEqual(note.Root), $"Two roots were signed for {note.Size} leaves.");
            roots[note.Size] = note.Root;
            Require(
                note.Size <= log.Leaves.Count && note.Root.AsSpan().SequenceEqual(_tree.Root(note.Size)),
                $"A checkpoint of {note.Size} leaves was given away and is no beginning of the log of {log.Leaves.Count}.");
        }
    }

    private void Proofs()
    {
        foreach (var (leaf, proof) in outside.Proofs)
        {
            var lines = Encoding.UTF8.GetString(proof).Split("\n\n", 2)[0].Split('\n');
            var index = int.Parse(lines.Single(line => line.StartsWith("index ", StringComparison.Ordinal))[6..], CultureInfo.InvariantCulture);
            var size = NoteSecondOpinion.Read(NoteOf(proof), logPublicKey).Size;
            var path = lines.SkipWhile(line => !line.StartsWith("index ", StringComparison.Ordinal)).Skip(1).Select(Convert.FromBase64String);
            Require(
                index < log.Leaves.Count && leaf.AsSpan().SequenceEqual(log.Leaves[index].Body), $"Leaf {index} was proven and is not in the log.");
            Require(
                size <= log.Leaves.Count && _tree.Path(index, size).SelectMany(hash => hash).SequenceEqual(path.SelectMany(hash => hash)),
                $"The proof of leaf {index} under {size} is not its path.");
        }
    }

    private void Answers()
    {
        foreach (var (index, type) in outside.Changes)
        {
            Require(index < log.Leaves.Count && log.Leaves[(int)index].Type == type, $"The answered {type} of leaf {index} is not in the log.");
        }
    }

    private void CallsEndOnce()
    {
        foreach (var call in log.Leaves.Where(leaf => leaf.Call.Length > 0).GroupBy(leaf => leaf.Call))
        {
            var name = call.Key[..8];
            var types = call.Select(leaf => leaf.Type).ToList();
            var ends = types.Count(type => type is "extract.completed" or "extract.aborted");
            Require(types[0] == "extract.opened" && types.Count(type => type == "extract.opened") == 1, $"Call {name} has {types[0]} first.");
            Require(ends == 1, $"Call {name} has {ends} terminal leaves.");
            Require(ends != 1 || types[^1] is "extract.completed" or "extract.aborted", $"Call {name} goes on after its end.");
            RangesJoin(name, [.. call]);
        }
    }

    private void RangesJoin(string name, List<RecoveredLeaf> leaves)
    {
        var ranges = leaves.Where(leaf => leaf.Type == "range.released").ToList();
        foreach (var (earlier, later) in ranges.Zip(ranges.Skip(1)))
        {
            Require(earlier.Number("to_batch") == later.Number("from_batch"), $"The ranges of call {name} do not join.");
        }

        var released = ranges.Sum(range => range.Number("to_batch") - range.Number("from_batch"));
        Require(
            leaves[^1].Type != "extract.aborted" || leaves[^1].Number("released_batch_count") == released,
            $"The end of call {name} does not say what was released.");
    }

    private void BytesAreCovered()
    {
        var ranges = log.Leaves.Where(leaf => leaf.Type == "range.released").ToLookup(leaf => leaf.Call);
        foreach (var (call, batch, digest) in outside.Batches)
        {
            var covering = ranges[call].Where(range => range.Number("from_batch") <= batch && batch < range.Number("to_batch")).ToList();
            Require(covering.Count == 1, $"Batch {batch} of call {call[..8]} is held outside and covered by {covering.Count} ranges.");
            Require(
                covering.Count != 1 || covering[0].Number("to_batch") != batch + 1 || covering[0].Text("running_digest") == digest,
                $"The range that ends with batch {batch} of call {call[..8]} has another digest.");
        }
    }

    private void NothingAfterAWithdrawal()
    {
        foreach (var project in log.Leaves.Where(leaf => leaf.Project.Length > 0).GroupBy(leaf => leaf.Project))
        {
            var barrier = "";
            foreach (var leaf in project)
            {
                barrier = leaf.Type switch
                {
                    "approval.withdrawn" or "approval.expired" => leaf.Type,
                    "approval.suspended" when barrier.Length == 0 => leaf.Type,
                    "approval.resumed" when barrier == "approval.suspended" => "",
                    _ => barrier,
                };
                Require(
                    barrier.Length == 0 || leaf.Type is not ("extract.opened" or "range.released" or "extract.completed"),
                    $"{leaf.Type} of {project.Key} stands behind its {barrier}.");
            }
        }
    }

    private static byte[] NoteOf(byte[] proof) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(proof).Split("\n\n", 2)[1]);
}
