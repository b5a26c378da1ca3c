using System.Globalization;
using Delivery.Protocol.Domain;
using Delivery.Protocol.V1;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Approvals;

/// <summary>The gRPC edge of approvals and projects.</summary>
internal sealed class ApprovalService(ApprovalDesk desk, Store store, IOptions<IdentityOptions> identity) : Protocol.V1.ApprovalService.ApprovalServiceBase
{
    public override async Task<PushApprovalResponse> PushApproval(PushApprovalRequest request, ServerCallContext context)
    {
        var caller = context.Identify();
        var approval = ApprovalMessages.Read(request.Approval ?? throw RefusedException.By("E_FIELD_MISSING", "approval"));
        var registered = await desk.PushAsync(approval, request.Approval.ToByteArray(), caller, context.CancellationToken);
        return new PushApprovalResponse
        {
            ProjectId = registered.Row.ProjectId,
            Version = registered.Row.Version,
            IsNew = registered.IsNew,
            LogIndex = registered.Row.LogIndex,
            ScopeDigest = ByteString.CopyFrom(registered.Row.ScopeDigest),
            ComparabilityWarnings = { ComparabilityRules.For(approval.Scope).Select(warning => warning.Code) },
        };
    }

    public override Task<GetProjectResponse> GetProject(GetProjectRequest request, ServerCallContext context)
    {
        var caller = context.Identify();
        return Task.FromResult(new GetProjectResponse
        {
            Project = store.Read(db => Message(db, ApprovedProject.Require(db, request.ProjectId, caller, identity.Value.StilCvr))),
        });
    }

    public override Task<ListProjectsResponse> ListProjects(ListProjectsRequest request, ServerCallContext context)
    {
        var caller = context.Identify();
        return Task.FromResult(store.Read(db => new ListProjectsResponse
        {
            Projects =
            {
                db.Set<ProjectRow>().AsNoTracking().OrderBy(row => row.ProjectId).Select(row => row.ProjectId).ToList()
                    .Select(id => ApprovedProject.Find(db, id)!)
                    .Where(project => project.IsVisibleTo(caller, identity.Value.StilCvr))
                    .Select(project => Message(db, project)),
            },
        }));
    }

    private static Project Message(DeliveryDb db, ApprovedProject project) => new()
    {
        ProjectId = project.Row.ProjectId,
        Version = project.Row.Version,
        State = project.Row.State.WireName(),
        ControllerCvr = project.Row.ControllerCvr,
        ControllerName = project.Approval.Controller!.Name,
        DstProjectNumber = project.Approval.Recipient.DstProjectNumber,
        PeriodFrom = Text(project.Approval.Period!.From),
        PeriodTo = Text(project.Approval.Period.To),
        DeletionDue = project.Row.DeletionDue,
        Partitions = { project.Approval.Scope.Partitions().Select(partition => partition.ToString()) },
        Variables = { project.Approval.Scope.VariableSet.ToList().Select(variable => variable.Code) },
        Holdings =
        {
            db.Set<HoldingRow>().AsNoTracking().Where(row => row.ProjectId == project.Row.ProjectId).OrderBy(row => row.HoldingId).AsEnumerable().Select(Message),
        },
    };

    private static Holding Message(HoldingRow holding) => new()
    {
        HoldingId = holding.HoldingId,
        ExtractId = holding.ExtractId,
        RowCount = holding.Rows,
        DeliveredOn = holding.DeliveredOn,
        DeletionDue = holding.DeletionDue,
        State = holding.State switch
        {
            HoldingState.Open => "OPEN",
            HoldingState.Deleted => "DELETED",
            HoldingState.Destroyed => "DESTROYED",
            HoldingState.Archived => "ARCHIVED",
        },
    };

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
