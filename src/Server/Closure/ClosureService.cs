using System.Globalization;
using Delivery.Protocol.V1;
using Delivery.Server.Approvals;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Delivery.Server.TransferLog;
using Google.Protobuf;
using Grpc.Core;

namespace Delivery.Server.Closure;

/// <summary>The gRPC edge of closure.</summary>
internal sealed class ClosureService(ClosureDesk desk, Checkpoints checkpoints) : Protocol.V1.ClosureService.ClosureServiceBase
{
    public override async Task<ConfirmDeletionResponse> ConfirmDeletion(ConfirmDeletionRequest request, ServerCallContext context)
    {
        var confirmed = await desk.ConfirmAsync(Read(request), context.Identify(), context.CancellationToken);
        var proven = await checkpoints.ProveAsync(confirmed.LogIndex, knownSize: 0, context.CancellationToken);
        return new ConfirmDeletionResponse
        {
            HoldingIds = { confirmed.HoldingIds },
            ProjectState = confirmed.ProjectState.WireName(),
            LogIndex = confirmed.LogIndex,
            Leaf = ByteString.CopyFrom(proven.Leaf),
            Proof = ByteString.CopyFrom(proven.Proof),
        };
    }

    private static DeletionClaim Read(ConfirmDeletionRequest request) => new(
        request.ProjectId,
        request.HoldingIds,
        request.Method switch
        {
            DeletionMethod.Deleted => HoldingState.Deleted,
            DeletionMethod.Destroyed => HoldingState.Destroyed,
            _ => throw RefusedException.By("E_CONFIRMATION_INCOMPLETE", "method"),
        },
        DateOnly.TryParseExact(request.DeletedOn, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw RefusedException.By("E_CONFIRMATION_DATE", "deleted_on"),
        request.SignerName,
        request.EvidenceReference);
}
