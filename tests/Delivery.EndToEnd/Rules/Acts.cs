using Delivery.EndToEnd.Approvals;
using Delivery.EndToEnd.Extracts;
using Delivery.EndToEnd.Running;
using Delivery.Protocol.V1;
using ClosureService = Delivery.Protocol.V1.ClosureService;
using LifeCycleClock = Delivery.Server.Closure.LifeCycleClock;

namespace Delivery.EndToEnd.Rules;

/// <summary>What people do to a project, each act one call to the real server by the one who may.</summary>
internal sealed class Acts(RunningServer server, DstRecipient recipient)
{
    public ApprovalService.ApprovalServiceClient Agency { get; } = new(server.Channel("stil-approvals"));

    public ClosureService.ClosureServiceClient AgencyClosing { get; } = new(server.Channel("stil-approvals"));

    public ClosureService.ClosureServiceClient Administrator { get; } = new(server.Channel("administrator"));

    public ClosureService.ClosureServiceClient Recipient { get; } = new(recipient.Channel);

    public ApprovalService.ApprovalServiceClient Auditor { get; } = new(server.Channel("auditor"));

    public string Today => SampleApproval.Day(server.Clock.Today);

    public async Task<ProjectApproval> ApproveAsync(string projectId, Action<ProjectApproval>? change = null)
    {
        var approval = SampleApproval.Of(server, projectId);
        change?.Invoke(approval);
        await Agency.PushApprovalAsync(new PushApprovalRequest { Approval = approval });
        return approval;
    }

    /// <summary>Amends with the next version of an approval; the controller signs today.</summary>
    public async Task<AmendApprovalResponse> AmendAsync(ProjectApproval approval, Action<ProjectApproval> change) =>
        await Agency.AmendApprovalAsync(new AmendApprovalRequest { Approval = Next(approval, change) });

    /// <summary>The next version of an approval, decided today.</summary>
    public ProjectApproval Next(ProjectApproval approval, Action<ProjectApproval> change)
    {
        var next = approval.Clone();
        next.Version++;
        next.ApproveTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(server.Clock.GetUtcNow());
        change(next);
        return next;
    }

    public async Task<SuspendProjectResponse> SuspendAsync(string projectId) => await Agency.SuspendProjectAsync(new SuspendProjectRequest { ProjectId = projectId, Reason = "Afklaring" });

    public async Task<ResumeProjectResponse> ResumeAsync(string projectId) => await Agency.ResumeProjectAsync(new ResumeProjectRequest { ProjectId = projectId, Reason = "Afklaret" });

    public async Task<WithdrawApprovalResponse> WithdrawAsync(string projectId) =>
        await Agency.WithdrawApprovalAsync(new WithdrawApprovalRequest { ProjectId = projectId, Reason = "Vilkår ikke overholdt" });

    /// <summary>Delivers what is approved, extract by extract, each acknowledged; the ids of the holdings.</summary>
    public async Task<IReadOnlyList<string>> DeliverAsync(string projectId)
    {
        var holdings = new List<string>();
        foreach (var extract in await recipient.ListAsync(projectId))
        {
            using var stream = await recipient.PullAsync(extract);
            holdings.Add((await recipient.AcknowledgeAsync(server, stream)).HoldingId);
        }

        return holdings;
    }

    public async Task<ConfirmDeletionResponse> DeletedAsync(string projectId, params string[] holdings) => await Administrator.ConfirmDeletionAsync(new ConfirmDeletionRequest
    {
        ProjectId = projectId, HoldingIds = { holdings }, Method = DeletionMethod.Deleted, DeletedOn = Today, SignerName = "Institutleder",
    });

    public async Task<Confirmation> ArchivedAsync(string projectId, params string[] holdings) => (await Administrator.ConfirmArchivalAsync(new ConfirmArchivalRequest
    {
        ProjectId = projectId, HoldingIds = { holdings }, Archive = "Rigsarkivet", ReceiptReference = "RA-1", ArchivedOn = Today, SignerName = "Institutleder",
    })).Confirmation;

    public async Task<Confirmation> PartDeletedAsync(string projectId, params string[] holdings) => (await Administrator.ConfirmPartDeletionAsync(new ConfirmPartDeletionRequest
    {
        ProjectId = projectId, HoldingIds = { holdings }, DeletedOn = Today, SignerName = "Institutleder",
    })).Confirmation;

    public async Task<Project> ProjectAsync(string projectId) => (await Auditor.GetProjectAsync(new GetProjectRequest { ProjectId = projectId })).Project;

    public async Task<string> StateAsync(string projectId) => (await ProjectAsync(projectId)).State;

    /// <summary>Lets days pass and the server do what those days bring.</summary>
    public Task PassAsync(int days)
    {
        server.Clock.Turn(TimeSpan.FromDays(days));
        return server.Get<LifeCycleClock>().RunOnceAsync(CancellationToken.None);
    }
}
