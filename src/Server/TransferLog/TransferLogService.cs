using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Google.Protobuf;
using Grpc.Core;

namespace Delivery.Server.TransferLog;

/// <summary>The gRPC edge of the log. Auditors see every leaf; others those their own organisation caused.</summary>
internal sealed class TransferLogService(Store store, Checkpoints checkpoints, Witnesses witnesses) : Protocol.V1.TransferLogService.TransferLogServiceBase
{
    // Leaves read at a time: the database is not held while the socket is slow.
    private const int PageLeaves = 1000;

    public override async Task ListEntries(ListEntriesRequest request, IServerStreamWriter<ListEntriesResponse> responseStream, ServerCallContext context)
    {
        if (request.FirstIndex < 0 || request.EntryCountMax < 0)
        {
            throw RefusedException.By("E_LOG_RANGE");
        }

        var organisation = VisibleTo(context.Identify());
        var left = request.EntryCountMax == 0 ? long.MaxValue : request.EntryCountMax;
        for (var next = request.FirstIndex; left > 0;)
        {
            var page = Page(next, Math.Min(left, PageLeaves), request.ProjectId, organisation);
            if (page.Count == 0)
            {
                return;
            }

            foreach (var leaf in page)
            {
                await responseStream.WriteAsync(new ListEntriesResponse { Index = leaf.Index, Leaf = UnsafeByteOperations.UnsafeWrap(leaf.Body) }, context.CancellationToken);
            }

            next = page[^1].Index + 1;
            left -= page.Count;
        }
    }

    public override async Task<GetCheckpointResponse> GetCheckpoint(GetCheckpointRequest request, ServerCallContext context)
    {
        var (_, note) = request.Witnessed ? checkpoints.Witnessed() : await checkpoints.SignAsync(context.CancellationToken);
        return new GetCheckpointResponse { Checkpoint = ByteString.CopyFrom(note) };
    }

    public override async Task<GetProofResponse> GetProof(GetProofRequest request, ServerCallContext context)
    {
        RequireVisible(request.Index, VisibleTo(context.Identify()));
        var proven = request.Witnessed
            ? checkpoints.ProveWitnessed(request.Index)
            : await checkpoints.ProveAsync(request.Index, knownSize: 0, context.CancellationToken);
        return new GetProofResponse { Leaf = ByteString.CopyFrom(proven.Leaf), Proof = ByteString.CopyFrom(proven.Proof) };
    }

    public override async Task<GetConsistencyProofResponse> GetConsistencyProof(GetConsistencyProofRequest request, ServerCallContext context)
    {
        var (checkpoint, note) = await checkpoints.SignAsync(context.CancellationToken);
        var second = request.SecondSize == 0 ? checkpoint.Size : request.SecondSize;
        if (request.FirstSize < 1 || request.FirstSize > second || second > checkpoint.Size)
        {
            throw RefusedException.By("E_LOG_RANGE");
        }

        using var log = new LogReader(store);
        return new GetConsistencyProofResponse
        {
            Hashes = { ConsistencyProof.Build(request.FirstSize, second, log.Node).Select(hash => ByteString.CopyFrom(hash.ToArray())) },
            SecondSize = second,
            Checkpoint = second == checkpoint.Size ? ByteString.CopyFrom(note) : ByteString.Empty,
        };
    }

    public override async Task<CosignResponse> Cosign(CosignRequest request, ServerCallContext context) =>
        new() { LogSize = await witnesses.TakeAsync(request.Checkpoint.ToByteArray(), context.CancellationToken) };

    private static string VisibleTo(Caller caller) => caller.Has(Role.Auditor) ? "" : caller.Actor.Organisation;

    private IReadOnlyList<AppendedLeaf> Page(long first, long countMax, string projectId, string organisation)
    {
        using var log = new LogReader(store);
        return log.Leaves(first, countMax, projectId, organisation);
    }

    private void RequireVisible(long index, string organisation)
    {
        using var log = new LogReader(store);
        if (index < 0 || log.Leaf(index) is not var (_, owner) || (organisation.Length > 0 && owner != organisation))
        {
            throw RefusedException.By("E_NOT_FOUND", "leaf");
        }
    }
}
