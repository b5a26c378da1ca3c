using Delivery.EndToEnd.Running;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Delivery.EndToEnd.Crash;

/// <summary>
/// What an auditor has copied from the log and been told about it, kept outside the server. The copy only grows: every new head must continue
/// it, so a leaf that vanished or changed is noticed at the next look. One thread uses it at a time.
/// </summary>
internal sealed class AuditorsCopy(LogPolicy policy)
{
    private readonly List<Leaf> _leaves = [];
    private readonly List<LogHash> _roots = [LogHash.Empty];
    private readonly CompactRange _range = new();
    private Checkpoint? _head;

    public IReadOnlyList<Leaf> Leaves => _leaves;

    /// <summary>Checkpoints whose signature was checked and whose root is that of the copy.</summary>
    public int Checked { get; private set; }

    /// <summary>Fetches what is new, and requires that it continues the copy and the last head.</summary>
    public async Task CatchUpAsync(RunningServer server)
    {
        var service = new TransferLogService.TransferLogServiceClient(server.Channel("auditor"));
        // The head first: the log may grow before its leaves are fetched.
        var note = (await service.GetCheckpointAsync(new GetCheckpointRequest())).Checkpoint;
        using (var call = service.ListEntries(new ListEntriesRequest { FirstIndex = _leaves.Count }))
        {
            await foreach (var entry in call.ResponseStream.ReadAllAsync())
            {
                Assert.Equal(_leaves.Count, entry.Index);
                _leaves.Add(Leaf.Parse(entry.Leaf.Span));
                _range.Append(LogHash.Leaf(entry.Leaf.Span));
                _roots.Add(_range.Root());
            }
        }

        var head = Require(note);
        if (_head is { } seen)
        {
            var link = await service.GetConsistencyProofAsync(new GetConsistencyProofRequest { FirstSize = seen.Size, SecondSize = head.Size });
            Assert.True(ConsistencyProof.Verify(seen.Size, seen.Root, head.Size, head.Root, [.. link.Hashes.Select(hash => new LogHash(hash.Span))]));
        }

        _head = head;
    }

    /// <summary>A checkpoint that was given away once must be of the beginning of the copy.</summary>
    public Checkpoint Require(ByteString note)
    {
        var opening = CheckpointVerifier.Open(policy, note.Span);
        Assert.Equal(LogProofCode.Proven, opening.Code);
        var checkpoint = opening.Checkpoint!;
        Assert.True(checkpoint.Size < _roots.Count, $"A checkpoint of {checkpoint.Size} leaves was given away; the log has {_leaves.Count}.");
        Assert.Equal(_roots[(int)checkpoint.Size], checkpoint.Root);
        Checked++;
        return checkpoint;
    }

    /// <summary>The leaves of one streaming call, in order.</summary>
    public IReadOnlyList<Leaf> OfCall(ByteString callId)
    {
        var id = new LogHash(callId.Span);
        return [.. _leaves.Where(leaf => leaf.Has("call_id") && leaf.Hash("call_id") == id)];
    }
}
