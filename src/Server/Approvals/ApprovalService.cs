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
internal sealed class ApprovalService(
    ApprovalDesk desk, AmendmentDesk amendments, ProjectDesk projects, ProjectFeed feed, ProcessingRecord record, Store store, IOptions<IdentityOptions> identity)
    : Protocol.V1.ApprovalService.ApprovalServiceBase
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

    public override async Task<AmendApprovalResponse> AmendApproval(AmendApprovalRequest request, ServerCallContext context)
    {
        var approval = ApprovalMessages.Read(request.Approval ?? throw RefusedException.By("E_FIELD_MISSING", "approval"));
        var amended = await amendments.AmendAsync(approval, request.Approval.ToByteArray(), context.Identify(), context.CancellationToken);
        return new AmendApprovalResponse
        {
            ProjectId = amended.Row.ProjectId,
            Version = amended.Row.Version,
            IsNew = amended.IsNew,
            LogIndex = amended.Row.LogIndex,
            IsWidened = amended.IsWidened,
            PartDeletionHoldingIds = { amended.PartDeletions },
        };
    }

    public override async Task<SuspendProjectResponse> SuspendProject(SuspendProjectRequest request, ServerCallContext context)
    {
        var step = await projects.SuspendAsync(request.ProjectId, request.Reason, context.Identify(), context.CancellationToken);
        return new SuspendProjectResponse { State = step.Project.State.WireName(), LogIndex = step.LogIndex };
    }

    public override async Task<ResumeProjectResponse> ResumeProject(ResumeProjectRequest request, ServerCallContext context)
    {
        var step = await projects.ResumeAsync(request.ProjectId, request.Reason, context.Identify(), context.CancellationToken);
        return new ResumeProjectResponse { State = step.Project.State.WireName(), LogIndex = step.LogIndex };
    }

    public override async Task<WithdrawApprovalResponse> WithdrawApproval(WithdrawApprovalRequest request, ServerCallContext context)
    {
        var step = await projects.WithdrawAsync(request.ProjectId, request.Reason, context.Identify(), context.CancellationToken);
        return new WithdrawApprovalResponse { State = step.Project.State.WireName(), LogIndex = step.LogIndex, DeletionDue = step.Project.DeletionDue };
    }

    public override async Task WatchProjects(WatchProjectsRequest request, IServerStreamWriter<WatchProjectsResponse> responseStream, ServerCallContext context)
    {
        var caller = context.Identify();
        // Headers now, or a caller who may see no project would wait for a word that the watch stands.
        await context.WriteResponseHeadersAsync([]);
        await foreach (var (projectId, logSize) in feed.WatchAsync(context.CancellationToken))
        {
            var message = store.Read(db => ApprovedProject.Find(db, projectId) is { } project && project.IsVisibleTo(caller, identity.Value.StilCvr) ? Message(db, project) : null);
            if (message is not null)
            {
                await responseStream.WriteAsync(new WatchProjectsResponse { Project = message, LogSize = logSize }, context.CancellationToken);
            }
        }
    }

    public override Task<GetProcessingRecordResponse> GetProcessingRecord(GetProcessingRecordRequest request, ServerCallContext context)
    {
        var caller = context.Identify();
        var (project, message) = store.Read(db =>
        {
            var project = ApprovedProject.Require(db, request.ProjectId, caller, identity.Value.StilCvr);
            return (project, Message(db, project));
        });
        return Task.FromResult(record.Of(project, message));
    }

    private static Project Message(DeliveryDb db, ApprovedProject project) => new()
    {
        ProjectId = project.Row.ProjectId,
        Version = project.Row.Version,
        State = project.Row.State.WireName(),
        ControllerCvr = project.Row.ControllerCvr,
        ControllerName = project.Approval.Controller!.Name,
        DstProjectNumber = project.Approval.Recipient.DstProjectNumber,
        PeriodFrom = IsoDay.Text(project.Approval.Period!.From),
        PeriodTo = IsoDay.Text(project.Approval.Period.To),
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
        State = holding.State.WireName(),
        IsPartDeletionDue = holding.PartDeletionDue,
        WasOverdue = holding.WasOverdue,
    };
}
