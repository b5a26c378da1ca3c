using Delivery.Client.Connection;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Client.Approvals;

/// <summary>Reads projects as they travel.</summary>
internal static class ProjectStandings
{
    /// <exception cref="Refusals.DeliveryClientException">A date is none.</exception>
    public static ProjectStanding Read(Wire.Project project) => new(
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
            holding.State,
            holding.IsPartDeletionDue,
            holding.WasOverdue))]);
}
