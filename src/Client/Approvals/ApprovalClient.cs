using System.Runtime.CompilerServices;
using Delivery.Client.Connection;
using Delivery.Client.Refusals;
using Grpc.Core;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Approvals;

/// <summary>Registers and changes approvals, and tells where projects stand.</summary>
public sealed class ApprovalClient
{
    private readonly ServerConnection _connection;
    private readonly Wire.ApprovalService.ApprovalServiceClient _service;

    internal ApprovalClient(ServerConnection connection) =>
        (_connection, _service) = (connection, new Wire.ApprovalService.ApprovalServiceClient(connection.Invoker));

    /// <summary>
    /// Registers an approval. Pushing the same content again changes nothing. Role: stil-approvals.
    /// </summary>
    /// <param name="approvalJson">The approval as proto3 JSON of <c>delivery.v1.ProjectApproval</c>; a field it does not know is refused.</param>
    /// <param name="cancellation">Gives up waiting; the approval may have been registered.</param>
    /// <exception cref="DeliveryRefusedException">One or more rules are violated; all of them are listed.</exception>
    /// <exception cref="DeliveryClientException">The JSON is not an approval; the subject names the line.</exception>
    public async Task<PushedApproval> PushAsync(string approvalJson, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(approvalJson);
        var request = new Wire.PushApprovalRequest { Approval = ApprovalJson.Read(approvalJson) };
        var pushed = await _connection.CallAsync(options => _service.PushApprovalAsync(request, options), cancellation);
        return new PushedApproval(
            pushed.ProjectId,
            pushed.Version,
            pushed.IsNew,
            pushed.LogIndex,
            Convert.ToHexStringLower(pushed.ScopeDigest.Span),
            [.. pushed.ComparabilityWarnings]);
    }

    /// <summary>One project. Roles: stil-approvals and auditor; dst-ingestion and administrator for their own.</summary>
    /// <exception cref="DeliveryRefusedException">R01: none that this caller may know of.</exception>
    public async Task<ProjectStanding> GetProjectAsync(string projectId, CancellationToken cancellation = default)
    {
        var request = new Wire.GetProjectRequest { ProjectId = projectId };
        return ProjectStandings.Read((await _connection.CallAsync(options => _service.GetProjectAsync(request, options), cancellation)).Project);
    }

    /// <summary>The projects the caller may see, by id.</summary>
    public async Task<IReadOnlyList<ProjectStanding>> ListProjectsAsync(CancellationToken cancellation = default)
    {
        var response = await _connection.CallAsync(options => _service.ListProjectsAsync(new Wire.ListProjectsRequest(), options), cancellation);
        return [.. response.Projects.Select(ProjectStandings.Read)];
    }

    /// <summary>
    /// Replaces the approval in force by its next version. Narrowing it leaves a duty to delete the difference from what was delivered.
    /// Streams of the version before are cut. Role: stil-approvals.
    /// </summary>
    /// <param name="approvalJson">The whole approval, its version one above the one in force; otherwise as <see cref="PushAsync"/>.</param>
    /// <param name="cancellation">Gives up waiting; the amendment may be in force.</param>
    /// <exception cref="DeliveryRefusedException">Rules are violated, all of them listed; or purpose, controller, signature or version forbid it.</exception>
    /// <exception cref="DeliveryClientException">The JSON is not an approval; the subject names the line.</exception>
    public async Task<AmendedApproval> AmendAsync(string approvalJson, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(approvalJson);
        var request = new Wire.AmendApprovalRequest { Approval = ApprovalJson.Read(approvalJson) };
        var amended = await _connection.CallAsync(options => _service.AmendApprovalAsync(request, options), cancellation);
        return new AmendedApproval(
            amended.ProjectId, amended.Version, amended.IsNew, amended.LogIndex, amended.IsWidened, [.. amended.PartDeletionHoldingIds]);
    }

    /// <summary>Holds a project: open streams are cut before their next window and no other opens. Role: stil-approvals.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="reason">Why, 1 to 500 characters. Kept in the server's database; the log holds a salted commitment only.</param>
    /// <param name="cancellation">Gives up waiting; the project may be suspended.</param>
    /// <exception cref="DeliveryRefusedException">R01, E_REASON_MISSING, or E_STATE: it cannot be suspended from where it stands.</exception>
    public async Task<ProjectStep> SuspendAsync(string projectId, string reason, CancellationToken cancellation = default)
    {
        var request = new Wire.SuspendProjectRequest { ProjectId = projectId, Reason = reason };
        var response = await _connection.CallAsync(options => _service.SuspendProjectAsync(request, options), cancellation);
        return new ProjectStep(projectId, response.State, response.LogIndex, DeletionDue: null);
    }

    /// <summary>Lets a suspended project go on. Role: stil-approvals.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="reason">Why, as for <see cref="SuspendAsync"/>.</param>
    /// <param name="cancellation">Gives up waiting; the project may be resumed.</param>
    /// <exception cref="DeliveryRefusedException">R01, E_REASON_MISSING, or E_STATE: it is not suspended.</exception>
    public async Task<ProjectStep> ResumeAsync(string projectId, string reason, CancellationToken cancellation = default)
    {
        var request = new Wire.ResumeProjectRequest { ProjectId = projectId, Reason = reason };
        var response = await _connection.CallAsync(options => _service.ResumeProjectAsync(request, options), cancellation);
        return new ProjectStep(projectId, response.State, response.LogIndex, DeletionDue: null);
    }

    /// <summary>Withdraws an approval for good: streams are cut, and what was delivered is due within 30 days. Role: stil-approvals.</summary>
    /// <param name="projectId">The project.</param>
    /// <param name="reason">Why, as for <see cref="SuspendAsync"/>.</param>
    /// <param name="cancellation">Gives up waiting; the approval may be withdrawn.</param>
    /// <exception cref="DeliveryRefusedException">R01, E_REASON_MISSING, or E_STATE: it is over already.</exception>
    public async Task<ProjectStep> WithdrawAsync(string projectId, string reason, CancellationToken cancellation = default)
    {
        var request = new Wire.WithdrawApprovalRequest { ProjectId = projectId, Reason = reason };
        var response = await _connection.CallAsync(options => _service.WithdrawApprovalAsync(request, options), cancellation);
        return new ProjectStep(projectId, response.State, response.LogIndex, WireText.Date(response.DeletionDue));
    }

    /// <summary>
    /// Every project the caller may see as it stands, then each again whenever it has become different, until it is cancelled. A cut
    /// connection is made again, with waits that double up to half a minute, and only what changed meanwhile is told.
    /// </summary>
    /// <param name="cancellation">Ends the watch, with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="DeliveryClientException">The server refused, or could not be reached in the first place.</exception>
    public async IAsyncEnumerable<ProjectChange> WatchAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        // A watch waits for ever for a server that has gone; so first make sure that there is one, and that it lets this caller in.
        await ListProjectsAsync(cancellation);
        await foreach (var change in new ProjectWatch(OpenWatchAsync, _connection.Translate, _connection.Clock).RunAsync(cancellation))
        {
            yield return change;
        }
    }

    /// <summary>
    /// What a record of processing activities (GDPR Article 30) and the log say about a project. Roles: stil-approvals and auditor;
    /// administrator for their own.
    /// </summary>
    /// <exception cref="DeliveryRefusedException">R01: none that this caller may know of.</exception>
    public async Task<ProcessingRecord> GetProcessingRecordAsync(string projectId, CancellationToken cancellation = default)
    {
        var request = new Wire.GetProcessingRecordRequest { ProjectId = projectId };
        return ProcessingRecords.Read(await _connection.CallAsync(options => _service.GetProcessingRecordAsync(request, options), cancellation));
    }

    private async IAsyncEnumerable<Wire.WatchProjectsResponse> OpenWatchAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var call = _service.WatchProjects(new Wire.WatchProjectsRequest(), new CallOptions(cancellationToken: cancellation));
        while (await call.ResponseStream.MoveNext(cancellation))
        {
            _connection.NoteAnswer();
            yield return call.ResponseStream.Current;
        }
    }
}
