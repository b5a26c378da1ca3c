using Delivery.Client.Connection;
using Delivery.Client.Refusals;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Approvals;

/// <summary>Registers approvals and looks up projects.</summary>
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
        return Read((await _connection.CallAsync(options => _service.GetProjectAsync(request, options), cancellation)).Project);
    }

    /// <summary>The projects the caller may see, by id.</summary>
    public async Task<IReadOnlyList<ProjectStanding>> ListProjectsAsync(CancellationToken cancellation = default)
    {
        var response = await _connection.CallAsync(options => _service.ListProjectsAsync(new Wire.ListProjectsRequest(), options), cancellation);
        return [.. response.Projects.Select(Read)];
    }

    private static ProjectStanding Read(Wire.Project project) => new(
        project.ProjectId,
        project.Version,
        project.State,
        project.ControllerCvr,
        project.ControllerName,
        project.DstProjectNumber,
        WireText.Date(project.PeriodFrom),
        WireText.Date(project.PeriodTo),
        WireText.Date(project.DeletionDue),
        [.. project.Partitions],
        [.. project.Variables],
        [.. project.Holdings.Select(holding => new HoldingStanding(
            holding.HoldingId,
            holding.ExtractId,
            holding.RowCount,
            WireText.Date(holding.DeliveredOn),
            WireText.Date(holding.DeletionDue),
            holding.State))]);
}
