using Delivery.Protocol.Domain;
using Delivery.Protocol.Log;
using Delivery.Protocol.V1;
using Delivery.Server.Approvals;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Delivery.Server.TransferLog;
using Google.Protobuf;
using Grpc.Core;

namespace Delivery.Server.Closure;

/// <summary>The gRPC edge of closure.</summary>
internal sealed class ClosureService(ClosureDesk desk, ReuseDesk reuse, DueHoldings due, Checkpoints checkpoints)
    : Protocol.V1.ClosureService.ClosureServiceBase
{
    public override async Task<ConfirmDeletionResponse> ConfirmDeletion(ConfirmDeletionRequest request, ServerCallContext context)
    {
        var confirmation = await ProveAsync(await desk.ConfirmAsync(Read(request), context.Identify(), context.CancellationToken), context.CancellationToken);
        return new ConfirmDeletionResponse
        {
            HoldingIds = { confirmation.HoldingIds },
            ProjectState = confirmation.ProjectState,
            LogIndex = confirmation.LogIndex,
            Leaf = confirmation.Leaf,
            Proof = confirmation.Proof,
            Document = confirmation.Document,
            Signature = confirmation.Signature,
        };
    }

    public override async Task<ConfirmArchivalResponse> ConfirmArchival(ConfirmArchivalRequest request, ServerCallContext context)
    {
        var claim = new EndClaim(
            request.ProjectId, request.HoldingIds, HoldingState.Archived, Day(request.ArchivedOn, "archived_on"), request.SignerName, request.ReceiptReference, request.Archive);
        var confirmed = await desk.ConfirmAsync(claim, context.Identify(), context.CancellationToken);
        return new ConfirmArchivalResponse { Confirmation = await ProveAsync(confirmed, context.CancellationToken) };
    }

    public override async Task<ConfirmPartDeletionResponse> ConfirmPartDeletion(ConfirmPartDeletionRequest request, ServerCallContext context)
    {
        var claim = new EndClaim(
            request.ProjectId, request.HoldingIds, HoldingState.Deleted, Day(request.DeletedOn, "deleted_on"), request.SignerName, EvidenceReference: "");
        var confirmed = await desk.ConfirmPartAsync(claim, context.Identify(), context.CancellationToken);
        return new ConfirmPartDeletionResponse { Confirmation = await ProveAsync(confirmed, context.CancellationToken) };
    }

    public override async Task<CloseWithoutDataResponse> CloseWithoutData(CloseWithoutDataRequest request, ServerCallContext context)
    {
        var (project, logIndex) = await desk.CloseWithoutDataAsync(request.ProjectId, context.Identify(), context.CancellationToken);
        return new CloseWithoutDataResponse { ProjectState = project.State.WireName(), LogIndex = logIndex };
    }

    public override async Task<RegisterReuseResponse> RegisterReuse(RegisterReuseRequest request, ServerCallContext context)
    {
        var (holding, logIndex) = await reuse.RegisterAsync(request.ProjectId, request.RowCount, context.Identify(), context.CancellationToken);
        return new RegisterReuseResponse { HoldingId = holding.HoldingId, DeletionDue = holding.DeletionDue, LogIndex = logIndex };
    }

    public override Task<ListDueHoldingsResponse> ListDueHoldings(ListDueHoldingsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListDueHoldingsResponse
        {
            Holdings =
            {
                due.List(request.WithinDays, context.Identify()).Select(entry => new Protocol.V1.DueHolding
                {
                    HoldingId = entry.Holding.HoldingId,
                    ProjectId = entry.Project.ProjectId,
                    ProjectState = entry.Project.State.WireName(),
                    DeletionDue = entry.Holding.DeletionDue,
                    IsOverdue = entry.IsOverdue,
                    IsPartDeletionDue = entry.Holding.PartDeletionDue,
                    LastRemindedOn = entry.Holding.LastRemindedOn,
                }),
            },
        });

    private async Task<Confirmation> ProveAsync(ConfirmationRow confirmed, CancellationToken cancellation)
    {
        var proven = await checkpoints.ProveAsync(confirmed.LogIndex, knownSize: 0, cancellation);
        return new Confirmation
        {
            HoldingIds = { Leaf.Parse(proven.Leaf).Texts("holding_ids") },
            ProjectState = confirmed.ProjectState,
            LogIndex = confirmed.LogIndex,
            Leaf = ByteString.CopyFrom(proven.Leaf),
            Proof = ByteString.CopyFrom(proven.Proof),
            Document = ByteString.CopyFrom(confirmed.Document),
            Signature = ByteString.CopyFrom(confirmed.Signature),
        };
    }

    private static EndClaim Read(ConfirmDeletionRequest request) => new(
        request.ProjectId,
        request.HoldingIds,
        request.Method switch
        {
            DeletionMethod.Deleted => HoldingState.Deleted,
            DeletionMethod.Destroyed => HoldingState.Destroyed,
            _ => throw RefusedException.By("E_CONFIRMATION_INCOMPLETE", "method"),
        },
        Day(request.DeletedOn, "deleted_on"),
        request.SignerName,
        request.EvidenceReference);

    private static DateOnly Day(string text, string field) =>
        IsoDay.TryRead(text, out var day) ? day : throw RefusedException.By("E_CONFIRMATION_DATE", field);
}
