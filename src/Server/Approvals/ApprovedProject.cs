using Delivery.Protocol.Domain.Approvals;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Delivery.Server.Storage;
using Microsoft.EntityFrameworkCore;
using Wire = Delivery.Protocol.V1;

namespace Delivery.Server.Approvals;

/// <summary>A project with the approval version in force.</summary>
internal sealed record ApprovedProject(ProjectRow Row, ApprovalRow InForce, ProjectApproval Approval)
{
    /// <summary>The project, or null if there is none.</summary>
    /// <param name="db">The database.</param>
    /// <param name="projectId">The project.</param>
    /// <param name="known">What was found before: an approval that is still the same, byte for byte, is not read out of its document again.</param>
    public static ApprovedProject? Find(DeliveryDb db, string projectId, ApprovedProject? known = null)
    {
        if (db.Set<ProjectRow>().FirstOrDefault(row => row.ProjectId == projectId) is not { } project)
        {
            return null;
        }

        var version = db.Set<ApprovalRow>().AsNoTracking().Single(row => row.ProjectId == projectId && row.Version == project.Version);
        var approval = known is not null && known.InForce.Document.AsSpan().SequenceEqual(version.Document)
            ? known.Approval
            : ApprovalMessages.Read(Wire.ProjectApproval.Parser.ParseFrom(version.Document));
        return new ApprovedProject(project, version, approval);
    }

    /// <summary>One version of a project's approval, in force or not.</summary>
    public static ProjectApproval Version(DeliveryDb db, string projectId, int version) =>
        ApprovalMessages.Read(Wire.ProjectApproval.Parser.ParseFrom(
            db.Set<ApprovalRow>().AsNoTracking().Single(row => row.ProjectId == projectId && row.Version == version).Document));

    /// <summary>The project if the caller may know of it. Unknown and not the caller's are the same refusal, so that existence is not revealed.</summary>
    public static ApprovedProject Require(DeliveryDb db, string projectId, Caller caller, string stilCvr) =>
        Find(db, projectId) is { } project && project.IsVisibleTo(caller, stilCvr) ? project : throw RefusedException.By("R01");

    /// <summary>STIL, DST and auditors know every project; a controller's administrators those of the controller.</summary>
    public bool IsVisibleTo(Caller caller, string stilCvr) =>
        caller.Has(Role.StilApprovals | Role.DstIngestion | Role.Auditor)
        || (caller.Has(Role.Administrator) && (caller.Cvr == Row.ControllerCvr || caller.Cvr == stilCvr));

    /// <summary>Moves the project on, or refuses what the life cycle does not hold.</summary>
    public void Move(ProjectEvent happened)
    {
        var next = LifeCycle.After(Row.State, happened) ?? throw RefusedException.By("E_STATE", Row.State.WireName());
        Row.State = next;
    }
}
