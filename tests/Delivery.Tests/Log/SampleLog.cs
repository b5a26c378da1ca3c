using System.Security.Cryptography;
using Delivery.Protocol.Log;

namespace Delivery.Tests.Log;

/// <summary>A log of real leaves with a log key and two witnesses, small enough to prove everything about.</summary>
internal sealed class SampleLog : IDisposable
{
    public const long WitnessTime = 1_790_000_123;

    private readonly ECDsa[] _keys = [.. Enumerable.Range(0, 3).Select(_ => ECDsa.Create(ECCurve.NamedCurves.nistP256))];
    private readonly List<byte[]> _leaves = [];
    private readonly Dictionary<LogNode, LogHash> _nodes = [];
    private readonly CompactRange _range = new();

    public SampleLog(int size, string origin = SampleLeaves.Origin)
    {
        LogSigner = new NoteSigner(NoteKeyKind.Log, origin, _keys[0]);
        Witnesses =
        [
            new NoteSigner(NoteKeyKind.Witness, "witness.dst.example/one", _keys[1]),
            new NoteSigner(NoteKeyKind.Witness, "witness.dst.example/two", _keys[2]),
        ];
        Grow(size);
    }

    public NoteSigner LogSigner { get; }

    public IReadOnlyList<NoteSigner> Witnesses { get; }

    public Checkpoint Head => new(LogSigner.Verifier.Name, _range.Size, _range.Root());

    public byte[] this[int index] => _leaves[index];

    public LogPolicy Policy(int quorum = 0) => new(
        LogSigner.Verifier.Name,
        [LogSigner.Verifier],
        quorum == 0 ? [] : [.. Witnesses.Select(witness => witness.Verifier)],
        quorum);

    public void Grow(int by)
    {
        for (var count = 0; count < by; count++)
        {
            var draft = SampleLeaves.All[_leaves.Count % SampleLeaves.All.Count];
            AppendRaw(Leaf.Compose(draft, LogSigner.Verifier.Name, _leaves.Count, SampleLeaves.TimestampMs));
        }
    }

    public void AppendRaw(byte[] leaf)
    {
        _leaves.Add(leaf);
        _range.Append(LogHash.Leaf(leaf), _nodes.Add);
    }

    public LogHash Node(LogNode node) => _nodes[node];

    public SignedNote Note(int witnesses = 0)
    {
        var note = LogSigner.Sign(Head);
        return Witnesses.Take(witnesses).Aggregate(note, (signed, witness) => witness.Cosign(signed, WitnessTime));
    }

    public TlogProof Proof(long index, int witnesses = 0) =>
        new(index, InclusionProof.Build(index, _range.Size, Node), Note(witnesses).Encode());

    public void Dispose() => Array.ForEach(_keys, key => key.Dispose());
}
